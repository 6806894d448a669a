package org.trainyard.dataprep.tokenize;

import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.Characters;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.pipeline.config.Json;

/** Single characters; what is not in the vocabulary is lost. */
record CharacterTokenizer(Characters characters) implements Tokenizer {
  private static final String FILE = "characters.json";

  static Tokenizer read(SortedMap<String, String> files) {
    return new CharacterTokenizer(new Characters(Json.read(files.get(FILE), int[].class)));
  }

  @Override
  public int vocabulary() {
    return characters.vocabulary();
  }

  @Override
  public int begin() {
    return Characters.BEGIN;
  }

  @Override
  public int pad() {
    return Characters.PAD;
  }

  @Override
  public OptionalInt unknown() {
    return OptionalInt.of(Characters.UNKNOWN);
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public Encoder encoder() {
    return (text, out) -> encode(text, out);
  }

  private void encode(String text, TokenBuffer out) {
    Utf8.requirePaired(text);
    characters.encode(text, out);
  }

  @Override
  public String decode(int[] ids) {
    return characters.decode(ids);
  }

  @Override
  public SortedMap<String, String> files() {
    return new TreeMap<>(Map.of(FILE, Json.line(characters.codePoints()) + "\n"));
  }
}
