package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;

/** From a pair of ids to an id: open addressing, at most half full. */
final class PairTable implements Serializable {
  private static final long serialVersionUID = 1;

  /** No such pair; greater than every id. */
  static final int NONE = Integer.MAX_VALUE;

  private final long[] keys;
  private final int[] values;

  PairTable(int pairs) {
    int slots = Integer.highestOneBit(Math.max(pairs, 8)) * 4;
    keys = new long[slots];
    values = new int[slots];
  }

  void put(int first, int second, int value) {
    int slot = slot(key(first, second));
    keys[slot] = key(first, second);
    values[slot] = value;
  }

  int get(int first, int second) {
    int slot = slot(key(first, second));
    return keys[slot] == 0 ? NONE : values[slot];
  }

  /** Never 0, which marks a free slot. */
  private static long key(int first, int second) {
    return (long) (first + 1) << 32 | second;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long hash = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (hash >>> 32) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
