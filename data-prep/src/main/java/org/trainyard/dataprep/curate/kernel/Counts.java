package org.trainyard.dataprep.curate.kernel;

import java.util.Arrays;

/**
 * How often each 64-bit key was added; its arrays are used again. Open addressing, at most half
 * full.
 */
final class Counts {
  /** Tables above this size (12 MB) are let go once a smaller one is asked for. */
  private static final int KEPT = 1 << 20;

  /** Stands for key 0, which marks a free slot. */
  private static final long ZERO = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[1024];
  private int[] counts = new int[1024];
  private int mask = 1023;

  /** Forgets all keys and makes room for some. */
  void clear(int expected) {
    int size = Math.max(64, Integer.highestOneBit(Math.max(1, expected)) << 2);
    if (size > keys.length || (keys.length > KEPT && size <= KEPT)) {
      keys = new long[size];
      counts = new int[size];
    } else {
      Arrays.fill(keys, 0, size, 0);
    }
    mask = size - 1;
  }

  /** Adds a key and returns how often it is there now. */
  int add(long key) {
    int slot = slot(key);
    if (keys[slot] == 0) {
      keys[slot] = key == 0 ? ZERO : key;
      counts[slot] = 0;
    }
    return ++counts[slot];
  }

  /** How often a key was added. */
  int count(long key) {
    int slot = slot(key);
    return keys[slot] == 0 ? 0 : counts[slot];
  }

  private int slot(long key) {
    long wanted = key == 0 ? ZERO : key;
    int slot = (int) ((wanted * ZERO) >>> 32) & mask;
    while (keys[slot] != 0 && keys[slot] != wanted) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
