package org.trainyard.dataprep.tokenize.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes pieces of byte arrays, eight bytes at a time. Not stored, so free to change. */
final class Slices {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private Slices() {}

  static int hash(byte[] text, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = (hash ^ (long) LONGS.get(text, at)) * FACTOR;
      hash ^= hash >>> 32;
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << 8 | text[at] & 0xFF;
    }
    hash = (hash ^ rest) * FACTOR;
    return (int) (hash ^ hash >>> 32);
  }
}
