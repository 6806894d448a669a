package org.trainyard.dataprep.tokenize;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.technique.Techniques;

/** A tokenizer as an artifact: its own files, and one that says which technique opens them. */
public final class TokenizerFolder {
  private static final String FILE = "tokenizer-card.json";

  /**
   * What the folder says of itself.
   *
   * @param technique what opens the files
   * @param digest first 16 hexadecimal digits of the SHA-256 of technique and files
   * @param files names of its files
   */
  public record Card(String technique, String digest, List<String> files) {}

  /** An opened folder. */
  public record Opened(Tokenizer tokenizer, Card card) {
    /** What a token table made with it must say of its tokens. */
    public TokenTable.Facts facts() {
      return new TokenTable.Facts(
          tokenizer.vocabulary(), tokenizer.begin(), tokenizer.pad(), card.digest());
    }
  }

  private TokenizerFolder() {}

  /** Writes a tokenizer into an empty folder. */
  static void write(Tokenizer tokenizer, String technique, Path folder, Storage storage) {
    SortedMap<String, String> files = tokenizer.files();
    files.forEach((name, text) -> storage.write(new Path(folder, name), text));
    Card card = new Card(technique, digest(technique, files), List.copyOf(files.keySet()));
    storage.write(new Path(folder, FILE), Json.pretty(card));
  }

  /**
   * Opens the tokenizer in a folder.
   *
   * @throws DataException if the folder holds none, or a file was changed by hand
   */
  public static Opened open(Path folder, Storage storage) {
    Card card = Json.read(text(folder, FILE, storage), Card.class);
    SortedMap<String, String> files = new TreeMap<>();
    card.files().forEach(name -> files.put(name, text(folder, name, storage)));
    if (!digest(card.technique(), files).equals(card.digest())) {
      throw new DataException(
          "%s: a file of the tokenizer was changed after it was learnt. Learn it anew."
              .formatted(folder));
    }
    TokenizerTechnique<?> technique =
        Techniques.of(TokenizerTechnique.class).named(card.technique(), "tokenizer");
    return new Opened(technique.load(files), card);
  }

  private static String text(Path folder, String name, Storage storage) {
    return storage
        .read(new Path(folder, name))
        .orElseThrow(
            () ->
                new DataException(
                    "%s/%s: is missing. Give the output of a learn-tokenizer step."
                        .formatted(folder, name)));
  }

  private static String digest(String technique, SortedMap<String, String> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(technique.getBytes(StandardCharsets.UTF_8));
      files.forEach(
          (name, text) -> {
            digest.update(("\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(text.getBytes(StandardCharsets.UTF_8));
          });
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
