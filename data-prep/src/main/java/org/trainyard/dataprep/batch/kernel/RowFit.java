package org.trainyard.dataprep.batch.kernel;

/** A way to fit pieces of different length into as few rows as it can. Keeps nothing. */
public interface RowFit {

  /**
   * Fits.
   *
   * @param lengths of the pieces, each 1 to capacity, shape [n]
   * @param capacity units of a new row
   * @param open units that are left in each row that is there already, 0 to capacity, shape [o]
   * @return row of each piece, shape [n]: 0 to o - 1 for those that were there, new ones from o on,
   *     numbered without gaps
   * @throws IllegalArgumentException if a length is out of range
   */
  int[] rows(int[] lengths, int capacity, int[] open);

  /**
   * Order of the pieces: the longest first, equal ones as they stand.
   *
   * @return their indices, shape [n]
   * @throws IllegalArgumentException if a length is out of range
   */
  static int[] longestFirst(int[] lengths, int capacity) {
    long[] keys = new long[lengths.length];
    for (int at = 0; at < keys.length; at++) {
      if (lengths[at] < 1 || lengths[at] > capacity) {
        throw new IllegalArgumentException(
            "A piece of %d units does not fit into rows of %d".formatted(lengths[at], capacity));
      }
      keys[at] = (long) (capacity - lengths[at]) << 32 | at;
    }
    java.util.Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int at = 0; at < order.length; at++) {
      order[at] = (int) keys[at];
    }
    return order;
  }
}
