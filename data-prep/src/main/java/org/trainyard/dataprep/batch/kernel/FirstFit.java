package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/**
 * First-fit decreasing: each piece, the longest first, goes into the first row that has room. A
 * tree over the rows knows the most room of each part, so a row is found in O(log rows); O(n log n)
 * in all. Never more than 11/9 of the fewest rows possible, plus one.
 *
 * @see <a href="https://doi.org/10.1007/978-3-540-74450-4_1">Dósa 2007, The tight bound of first
 *     fit decreasing bin-packing</a>
 */
public final class FirstFit implements RowFit {

  @Override
  public int[] rows(int[] lengths, int capacity, int[] open) {
    Tree tree = new Tree(open);
    int[] rows = new int[lengths.length];
    for (int piece : RowFit.longestFirst(lengths, capacity)) {
      int length = lengths[piece];
      int row = tree.most() >= length ? tree.first(length) : tree.open(capacity);
      tree.take(row, length);
      rows[piece] = row;
    }
    return rows;
  }

  /** Room of each row at the leaves, of its two parts the larger one at each node. */
  private static final class Tree {
    private int[] room;
    private int leaves = 64;
    private int rows;

    Tree(int[] open) {
      while (leaves < open.length) {
        leaves *= 2;
      }
      room = new int[2 * leaves];
      System.arraycopy(open, 0, room, leaves, open.length);
      rows = open.length;
      build();
    }

    private void build() {
      for (int node = leaves - 1; node > 0; node--) {
        room[node] = Math.max(room[2 * node], room[2 * node + 1]);
      }
    }

    int most() {
      return room[1];
    }

    int first(int length) {
      int node = 1;
      while (node < leaves) {
        node *= 2;
        if (room[node] < length) {
          node++;
        }
      }
      return node - leaves;
    }

    int open(int capacity) {
      if (rows == leaves) {
        int[] kept = Arrays.copyOfRange(room, leaves, 2 * leaves);
        leaves *= 2;
        room = new int[2 * leaves];
        System.arraycopy(kept, 0, room, leaves, kept.length);
        build();
      }
      room[leaves + rows] = capacity;
      return rows++;
    }

    void take(int row, int length) {
      int node = leaves + row;
      room[node] -= length;
      for (node /= 2; node > 0; node /= 2) {
        room[node] = Math.max(room[2 * node], room[2 * node + 1]);
      }
    }
  }
}
