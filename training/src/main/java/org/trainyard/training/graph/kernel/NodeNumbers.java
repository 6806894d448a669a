package org.trainyard.training.graph.kernel;

import java.util.Arrays;

/** Numbers nodes in the order in which they are met, from 0. Open addressing: no objects. */
final class NodeNumbers {
  private static final int GOLDEN = 0x9E3779B9;
  private int[] nodes;
  private int[] slots;
  private int count;

  /**
   * @param first nodes that are met first, each once
   */
  NodeNumbers(int[] first) {
    nodes = Arrays.copyOf(first, Math.max(16, 2 * first.length));
    count = first.length;
    index();
  }

  /** The number of a node. */
  int of(int node) {
    int slot = slot(node);
    while (slots[slot] != 0) {
      if (nodes[slots[slot] - 1] == node) {
        return slots[slot] - 1;
      }
      slot = slot + 1 & slots.length - 1;
    }
    if (count == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * count);
      nodes[count++] = node;
      index();
    } else {
      nodes[count++] = node;
      slots[slot] = count;
    }
    return count - 1;
  }

  /** All nodes that were met, in order. */
  int[] met() {
    return Arrays.copyOf(nodes, count);
  }

  /** Places all nodes anew; never more than half of the slots are taken. */
  private void index() {
    slots = new int[Integer.highestOneBit(nodes.length) * 4];
    for (int number = 0; number < count; number++) {
      int slot = slot(nodes[number]);
      while (slots[slot] != 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = number + 1;
    }
  }

  private int slot(int node) {
    return node * GOLDEN >>> Integer.numberOfLeadingZeros(slots.length) + 1;
  }
}
