package org.trainyard.dataprep.tokenize;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.MergeEncoder;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Utf8;

/** Byte-level byte-pair encoding: every text has tokens, and they give back its very bytes. */
record ByteBpeTokenizer(Merges merges) implements Tokenizer {
  static final String FILE = "tokenizer.json";

  @Override
  public int vocabulary() {
    return merges.vocabulary();
  }

  @Override
  public int begin() {
    return Merges.BEGIN;
  }

  @Override
  public int pad() {
    return Merges.PAD;
  }

  @Override
  public OptionalInt unknown() {
    return OptionalInt.empty();
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public Encoder encoder() {
    MergeEncoder encoder = new MergeEncoder(merges);
    return (text, out) -> encoder.encode(Utf8.bytes(text), out);
  }

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      bytes.writeBytes(merges.bytes(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public SortedMap<String, String> files() {
    return new TreeMap<>(java.util.Map.of(FILE, TokenizerJson.write(merges)));
  }
}
