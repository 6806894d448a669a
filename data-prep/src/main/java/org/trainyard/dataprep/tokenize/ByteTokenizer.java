package org.trainyard.dataprep.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;

/** One token per byte, with the ids that {@link ByteBpeTokenizer} gives to bytes. */
record ByteTokenizer() implements Tokenizer {

  @Override
  public int vocabulary() {
    return Merges.FIRST_MERGE;
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
    return ByteTokenizer::encode;
  }

  private static void encode(String text, TokenBuffer out) {
    byte[] bytes = Utf8.bytes(text);
    for (int at = 0; at < bytes.length; at++) {
      out.add(Merges.FIRST_BYTE + (bytes[at] & 0xFF), at + 1);
    }
  }

  @Override
  public String decode(int[] ids) {
    byte[] bytes = new byte[ids.length];
    int size = 0;
    for (int id : ids) {
      if (id >= Merges.FIRST_BYTE) {
        bytes[size++] = (byte) (id - Merges.FIRST_BYTE);
      }
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  @Override
  public SortedMap<String, String> files() {
    return new TreeMap<>();
  }
}
