package org.trainyard.dataprep.batch;

import org.apache.spark.sql.api.java.UDF3;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.Sizes;

/**
 * Where an example is planned: its bucket, and the piece of it. A bucket of many examples is cut
 * into pieces by hash, so that no task holds more than it can; a group falls into one piece.
 */
final class Slots implements UDF3<Integer, Integer, Long, Long> {
  private static final long serialVersionUID = 1;

  /** The slot of outliers. */
  static final long NONE = -1;

  private final Buckets buckets;
  private final int[] pieces;

  /**
   * @param pieceExamples examples that one task should plan at once, about
   */
  Slots(Buckets buckets, Sizes sizes, int pieceExamples) {
    this.buckets = buckets;
    double[] expected = new double[buckets.count()];
    double scale = sizes.counted() == 0 ? 0 : sizes.examples() / (double) sizes.counted();
    for (int at = 0; at < sizes.size(); at++) {
      int bucket = buckets.of(sizes.first()[at], sizes.second()[at]);
      if (bucket != Buckets.NONE) {
        expected[bucket] += sizes.counts()[at] * scale;
      }
    }
    pieces = new int[expected.length];
    for (int bucket = 0; bucket < pieces.length; bucket++) {
      pieces[bucket] = (int) Math.max(1, Math.ceil(expected[bucket] / pieceExamples));
    }
  }

  /** The bucket of a slot. */
  static long bucket(long slot) {
    return slot >> 32;
  }

  @Override
  public Long call(Integer first, Integer second, Long hash) {
    int bucket = buckets.of(first, second);
    return bucket == Buckets.NONE
        ? NONE
        : (long) bucket << 32 | Math.floorMod(hash, pieces[bucket]);
  }
}
