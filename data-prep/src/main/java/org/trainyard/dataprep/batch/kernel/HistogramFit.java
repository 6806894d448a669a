package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/**
 * Packs the histogram of the lengths instead of the pieces: rows that are filled alike are one
 * entry with a count, so the work of packing depends on the number of different lengths and not on
 * that of pieces, which are only dealt out at the end. As tight as {@link BestFit}.
 *
 * @see <a href="https://arxiv.org/abs/2107.02027">Krell et al. 2021, Efficient sequence packing
 *     without cross-contamination</a>: longest-pack-first
 */
public final class HistogramFit implements RowFit {

  /** Kinds of rows: the last piece of each, and the kind it was before that piece. */
  private static final class Kinds {
    private int[] length = new int[256];
    private int[] before = new int[256];
    private int[] count = new int[256];
    private int size;

    int add(int length, int before, int count) {
      if (size == this.length.length) {
        this.length = Arrays.copyOf(this.length, 2 * size);
        this.before = Arrays.copyOf(this.before, 2 * size);
        this.count = Arrays.copyOf(this.count, 2 * size);
      }
      this.length[size] = length;
      this.before[size] = before;
      this.count[size] = count;
      return size++;
    }
  }

  /** Stands for a new, empty row before its first piece. */
  private static final int EMPTY = -1;

  @Override
  public int[] rows(int[] lengths, int capacity, int[] open) {
    int[] order = RowFit.longestFirst(lengths, capacity);
    Kinds kinds = new Kinds();
    RoomIndex index = new RoomIndex(capacity);
    // The rows that are there come first, each a kind of its own.
    for (int row = 0; row < open.length; row++) {
      index.push(kinds.add(0, EMPTY, 1), open[row]);
    }
    for (int from = 0; from < order.length; ) {
      int length = lengths[order[from]];
      int end = from;
      while (end < order.length && lengths[order[end]] == length) {
        end++;
      }
      place(length, end - from, capacity, kinds, index);
      from = end;
    }
    return dealt(lengths, order, kinds, open.length);
  }

  private static void place(int length, int pieces, int capacity, Kinds kinds, RoomIndex index) {
    int left = pieces;
    while (left > 0) {
      int room = index.least(length);
      if (room < 0) {
        left -= openNew(length, left, capacity, kinds, index);
        continue;
      }
      int kind = index.peek(room);
      int taken = Math.min(left, kinds.count[kind]);
      kinds.count[kind] -= taken;
      if (kinds.count[kind] == 0) {
        index.pop(room);
      }
      index.push(kinds.add(length, kind, taken), room - length);
      left -= taken;
    }
  }

  /** Opens as many rows as the pieces fill whole, or one for what is left. */
  private static int openNew(int length, int pieces, int capacity, Kinds kinds, RoomIndex index) {
    int perRow = Math.min(capacity / length, pieces);
    int rows = pieces / perRow;
    int kind = EMPTY;
    for (int piece = 0; piece < perRow; piece++) {
      if (kind != EMPTY) {
        kinds.count[kind] = 0;
      }
      kind = kinds.add(length, kind, rows);
    }
    index.push(kind, capacity - perRow * length);
    return rows * perRow;
  }

  private static int[] dealt(int[] lengths, int[] order, Kinds kinds, int open) {
    int[] next = new int[order.length == 0 ? 0 : lengths[order[0]] + 1];
    for (int at = order.length - 1; at >= 0; at--) {
      next[lengths[order[at]]] = at;
    }
    int[] rows = new int[lengths.length];
    int opened = open;
    for (int kind = 0; kind < kinds.size; kind++) {
      for (int copy = 0; copy < kinds.count[kind]; copy++) {
        int first = kind;
        while (kinds.before[first] != EMPTY) {
          first = kinds.before[first];
        }
        int row = first < open ? first : opened++;
        for (int at = kind; at != EMPTY && kinds.length[at] > 0; at = kinds.before[at]) {
          rows[order[next[kinds.length[at]]++]] = row;
        }
      }
    }
    return rows;
  }
}
