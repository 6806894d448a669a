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
   * Order of the pieces: the longest first, equal ones as they stand. Counted, not compared: O(n +
   * longest).
   *
   * @return their indices, shape [n]
   * @throws IllegalArgumentException if a length is out of range
   */
  static int[] longestFirst(int[] lengths, int capacity) {
    int longest = 0;
    for (int length : lengths) {
      if (length < 1 || length > capacity) {
        throw new IllegalArgumentException(
            "A piece of %d units does not fit into rows of %d".formatted(length, capacity));
      }
      longest = Math.max(longest, length);
    }
    int[] next = new int[longest + 1];
    for (int length : lengths) {
      next[length]++;
    }
    int longer = 0;
    for (int length = longest; length > 0; length--) {
      int count = next[length];
      next[length] = longer;
      longer += count;
    }
    int[] order = new int[lengths.length];
    for (int at = 0; at < lengths.length; at++) {
      order[next[lengths[at]]++] = at;
    }
    return order;
  }
}
