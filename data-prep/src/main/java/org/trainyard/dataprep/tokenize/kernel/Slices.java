package org.trainyard.dataprep.tokenize.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers different byte strings 0, 1, … in order of their first coming: one pool of bytes and one
 * open-addressed table of (hash, number), at most half full: 20 to 40 bytes a string beside its own
 * bytes. The hash is stored nowhere else, so it is free to change.
 */
final class Slices {
  /** No such byte string. */
  static final int NONE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private byte[] pool = new byte[1 << 16];
  private int[] starts = new int[1 << 12];

  /** Hash in the upper half, number + 1 in the lower; 0 where free. */
  private long[] slots = new long[1 << 13];

  private int size;

  /** Different byte strings held. */
  int size() {
    return size;
  }

  /** Bytes of all of them. */
  int bytes() {
    return starts[size];
  }

  /** Where a byte string starts in {@link #pool}; it ends where the next one starts. */
  int start(int number) {
    return starts[number];
  }

  /** The bytes of all; a new array after {@link #add}. */
  byte[] pool() {
    return pool;
  }

  /** The number of a byte string; {@link #NONE} if it was never added. */
  int find(byte[] text, int from, int to) {
    int hash = hash(text, from, to);
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
      if ((int) (slots[slot] >>> 32) == hash) {
        int number = (int) slots[slot] - 1;
        if (Arrays.equals(pool, starts[number], starts[number + 1], text, from, to)) {
          return number;
        }
      }
    }
    return NONE;
  }

  /** Adds a byte string that {@link #find} does not know; returns its number. */
  int add(byte[] text, int from, int to) {
    int length = to - from;
    int end = starts[size] + length;
    if (end > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(pool.length * 2, end));
    }
    if (size + 1 == starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
      grow();
    }
    System.arraycopy(text, from, pool, starts[size], length);
    place(slots, (long) hash(text, from, to) << 32 | size + 1);
    starts[++size] = end;
    return size - 1;
  }

  /** Forgets all, keeping its memory. */
  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long slot : slots) {
      if (slot != 0) {
        place(larger, slot);
      }
    }
    slots = larger;
  }

  private static void place(long[] slots, long entry) {
    int mask = slots.length - 1;
    int slot = (int) (entry >>> 32) & mask;
    while (slots[slot] != 0) {
      slot = slot + 1 & mask;
    }
    slots[slot] = entry;
  }

  /** Eight bytes at a time. */
  private static int hash(byte[] text, int from, int to) {
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
