package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/** Pairs by their count, the greatest on top; 12 bytes a pair. */
final class PairHeap {
  private final IntBinaryOperator ties;
  private long[] counts = new long[1 << 6];
  private int[] pairs = new int[1 << 6];
  private int size;

  /**
   * @param ties compares two pairs of equal count: below 0 if the first comes first
   */
  PairHeap(IntBinaryOperator ties) {
    this.ties = ties;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The pair on top. */
  int pair() {
    return pairs[0];
  }

  /** The count that the pair on top was put in with. */
  long count() {
    return counts[0];
  }

  void add(int pair, long count) {
    if (size == pairs.length) {
      counts = Arrays.copyOf(counts, size * 2);
      pairs = Arrays.copyOf(pairs, size * 2);
    }
    int at = size++;
    while (at > 0 && first(pair, count, at - 1 >>> 1)) {
      move(at - 1 >>> 1, at);
      at = at - 1 >>> 1;
    }
    pairs[at] = pair;
    counts[at] = count;
  }

  /** Gives the pair on top another count, and with it another place. */
  void recount(long count) {
    sink(pairs[0], count);
  }

  /** Takes the pair on top out. */
  void remove() {
    size--;
    if (size > 0) {
      sink(pairs[size], counts[size]);
    }
  }

  private void sink(int pair, long count) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && first(pairs[child + 1], counts[child + 1], child)) {
        child++;
      }
      if (first(pair, count, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    pairs[at] = pair;
    counts[at] = count;
  }

  private void move(int from, int to) {
    pairs[to] = pairs[from];
    counts[to] = counts[from];
  }

  private boolean first(int pair, long count, int at) {
    return count != counts[at] ? count > counts[at] : ties.applyAsInt(pair, pairs[at]) < 0;
  }
}
