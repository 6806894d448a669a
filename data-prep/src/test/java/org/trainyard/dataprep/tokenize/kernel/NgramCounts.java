package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Counts what follows each context, the obvious way. */
public final class NgramCounts {
  private final Map<byte[], long[]> counts = new TreeMap<>(Arrays::compareUnsigned);
  private final int order;

  /** Contexts of 0 to {@code order} bytes. */
  public NgramCounts(int order) {
    this.order = order;
  }

  /** Counts a text. */
  public void add(byte[] text) {
    for (int at = 0; at < text.length; at++) {
      for (int length = 0; length <= Math.min(order, at); length++) {
        counts
            .computeIfAbsent(Arrays.copyOfRange(text, at - length, at), context -> new long[256])[
            text[at] & 0xFF]++;
      }
    }
  }

  /** Context to how often each byte followed it. */
  public Map<byte[], long[]> counts() {
    return counts;
  }

  /** A model of them. */
  public ByteModel model() {
    return new ByteModel(order, counts);
  }
}
