package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/**
 * Best-fit decreasing: each piece, the longest first, goes into the row in which it leaves least
 * room. Rows are filed by their room, so one is found in O(log₆₄ capacity) whatever their number.
 * Never more than 11/9 of the fewest rows possible, plus four.
 *
 * @see <a href="https://doi.org/10.1137/0203025">Johnson et al. 1974, Worst-case performance bounds
 *     for simple one-dimensional packing algorithms</a>
 */
public final class BestFit implements RowFit {

  @Override
  public int[] rows(int[] lengths, int capacity, int[] open) {
    RoomIndex index = new RoomIndex(capacity);
    int opened = open.length;
    for (int row = opened - 1; row >= 0; row--) {
      index.push(row, open[row]);
    }
    int[] rows = new int[lengths.length];
    Arrays.fill(rows, -1);
    for (int piece : RowFit.longestFirst(lengths, capacity)) {
      int room = index.least(lengths[piece]);
      int row = room < 0 ? opened++ : index.pop(room);
      index.push(row, (room < 0 ? capacity : room) - lengths[piece]);
      rows[piece] = row;
    }
    return rows;
  }
}
