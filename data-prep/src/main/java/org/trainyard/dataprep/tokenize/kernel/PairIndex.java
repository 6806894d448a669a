package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/**
 * Numbers different pairs of ids 0, 1, … in order of their first coming: open addressing, at most
 * half full, 16 bytes a pair.
 */
final class PairIndex {
  /** No such pair. */
  static final int NONE = -1;

  private long[] keys = new long[1 << 6];

  /** Number + 1; 0 where free. */
  private int[] slots = new int[1 << 7];

  private int size;

  /** Different pairs held. */
  int size() {
    return size;
  }

  /** First half of a pair. */
  int left(int number) {
    return (int) (keys[number] >>> 32);
  }

  /** Second half of a pair. */
  int right(int number) {
    return (int) keys[number];
  }

  /** The number of a pair; {@link #NONE} if it was never added. */
  int find(int left, int right) {
    return slots[slot((long) left << 32 | right)] - 1;
  }

  /** The number of a pair, which is added if need be. */
  int add(int left, int right) {
    long key = (long) left << 32 | right;
    int slot = slot(key);
    if (slots[slot] == 0) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, size * 2);
        slots = new int[slots.length * 2];
        for (int number = 0; number < size; number++) {
          slots[slot(keys[number])] = number + 1;
        }
        slot = slot(key);
      }
      keys[size] = key;
      slots[slot] = ++size;
    }
    return slots[slot] - 1;
  }

  /** Forgets all; costs as much as what was added. */
  void clear() {
    if (size * 8 > slots.length) {
      Arrays.fill(slots, 0);
    } else {
      int[] used = new int[size];
      for (int number = 0; number < size; number++) {
        used[number] = slot(keys[number]);
      }
      for (int slot : used) {
        slots[slot] = 0;
      }
    }
    size = 0;
  }

  private int slot(long key) {
    int mask = slots.length - 1;
    int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
