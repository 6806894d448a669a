package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;
import java.util.Arrays;

/** Finds which of many byte strings begin at a place. Open addressing, at most half full. */
final class ByteTrie implements Serializable {
  private static final long serialVersionUID = 1;

  /** No such node, no such string. */
  static final int NONE = -1;

  /** The node of the empty string. */
  static final int ROOT = 0;

  private long[] keys = new long[1 << 10];
  private int[] nodes = new int[1 << 10];
  private int[] values = {NONE};
  private int size = 1;

  /** Adds a string that is not empty. */
  void put(byte[] text, int value) {
    int node = ROOT;
    for (byte one : text) {
      int slot = slot(node, one);
      if (keys[slot] == 0) {
        if (size * 2 >= keys.length) {
          grow();
          slot = slot(node, one);
        }
        if (size == values.length) {
          values = Arrays.copyOf(values, size * 2);
        }
        values[size] = NONE;
        keys[slot] = key(node, one);
        nodes[slot] = size++;
      }
      node = nodes[slot];
    }
    values[node] = value;
  }

  /** The node one byte on; {@link #NONE} if no string goes there. */
  int next(int node, byte one) {
    int slot = slot(node, one);
    return keys[slot] == 0 ? NONE : nodes[slot];
  }

  /** The value of the string that ends at a node; {@link #NONE} if none does. */
  int value(int node) {
    return values[node];
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNodes = nodes;
    keys = new long[oldKeys.length * 2];
    nodes = new int[oldKeys.length * 2];
    for (int old = 0; old < oldKeys.length; old++) {
      if (oldKeys[old] != 0) {
        int slot = slot(oldKeys[old]);
        keys[slot] = oldKeys[old];
        nodes[slot] = oldNodes[old];
      }
    }
  }

  private int slot(int node, byte one) {
    return slot(key(node, one));
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /** Never 0, which marks a free slot. */
  private static long key(int node, byte one) {
    return (node + 1L) << 8 | one & 0xFF;
  }
}
