package org.trainyard.dataprep.batch.kernel;

/**
 * Fills batches in the order of the examples: a group joins the open batch if the limits allow it,
 * else it opens the next. The test comes before the group is added, so no batch breaks a limit.
 * O(n).
 */
public final class GreedyFill {
  private GreedyFill() {}

  /**
   * Fills.
   *
   * @param examples those of one group side by side; each group alone must be within the limits
   * @throws IllegalArgumentException if a group alone breaks a limit
   */
  public static void fill(Examples examples, BatchLimits limits, BatchSink sink) {
    int rows = 0;
    int first = 0;
    int second = 0;
    for (int start = 0; start < examples.size(); ) {
      int end = examples.groupEnd(start);
      int groupFirst = 0;
      int groupSecond = 0;
      for (int example = start; example < end; example++) {
        groupFirst = Math.max(groupFirst, examples.first(example));
        groupSecond = Math.max(groupSecond, examples.second(example));
      }
      int widerFirst = Math.max(first, groupFirst);
      int widerSecond = Math.max(second, groupSecond);
      if (rows > 0 && !limits.allow(rows + end - start, widerFirst, widerSecond)) {
        sink.close(rows, limits.padded(first), limits.padded(second));
        rows = 0;
        widerFirst = groupFirst;
        widerSecond = groupSecond;
      }
      if (!limits.allow(rows + end - start, widerFirst, widerSecond)) {
        throw new IllegalArgumentException(
            "Group %d of %d × (%d + %d) units breaks %s"
                .formatted(examples.group(start), end - start, groupFirst, groupSecond, limits));
      }
      for (int example = start; example < end; example++) {
        sink.place(example, rows++, 0);
      }
      first = widerFirst;
      second = widerSecond;
      start = end;
    }
    if (rows > 0) {
      sink.close(rows, limits.padded(first), limits.padded(second));
    }
  }
}
