package org.trainyard.pipeline.batch;

import java.nio.IntBuffer;

/** What follows from the field {@link Batch#SEGMENT} of a packed batch. */
public final class Segments {
  private Segments() {}

  /**
   * Number of the first example of each row.
   *
   * @param segment INT32, shape [r, t]
   * @return shape [r + 1]; the last is the number of all examples
   * @throws IllegalArgumentException if the segments of a row are not 1, 2, … side by side with
   *     padding after them
   */
  public static int[] starts(Tensor segment) {
    int rows = segment.shape()[0];
    int steps = segment.shape()[1];
    IntBuffer segments = segment.ints();
    int[] starts = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      int last = 0;
      boolean ended = false;
      for (int step = 0; step < steps; step++) {
        int here = segments.get(row * steps + step);
        boolean next = !ended && (here == last + 1 || (here == last && here > 0));
        if (here != 0 && !next) {
          throw new IllegalArgumentException(
              "Row %d has segment %d after %d at unit %d".formatted(row, here, last, step));
        }
        ended = here == 0;
        last = Math.max(last, here);
      }
      if (last == 0) {
        throw new IllegalArgumentException("Row %d holds no example".formatted(row));
      }
      starts[row + 1] = starts[row] + last;
    }
    return starts;
  }

  /**
   * Which units of a row may look at which: those of one example. Block-diagonal; what a layer of
   * attention multiplies or adds to its scores.
   *
   * @param segment INT32, shape [r, t]
   * @param row 0 to r - 1
   * @param causal whether a unit sees no unit after it
   * @return 1 where the unit of the first index sees that of the second, else 0; shape [t, t]; all
   *     0 at padding
   */
  public static byte[] attention(Tensor segment, int row, boolean causal) {
    int steps = segment.shape()[1];
    IntBuffer segments = segment.ints();
    byte[] sees = new byte[Math.multiplyExact(steps, steps)];
    for (int one = 0; one < steps; one++) {
      int own = segments.get(row * steps + one);
      for (int other = 0; own != 0 && other < (causal ? one + 1 : steps); other++) {
        sees[one * steps + other] = (byte) (segments.get(row * steps + other) == own ? 1 : 0);
      }
    }
    return sees;
  }
}
