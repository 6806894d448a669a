package org.trainyard.dataprep.batch;

import java.util.List;

/**
 * What a plan came to, for the report: {@value #NAME} beside the batches.
 *
 * @param budget padded units of a batch at most
 * @param buckets in their order
 * @param batchSizes how many batches have how many examples, small ones first
 * @param naivePaddedUnits units computed if the examples came in random order under the same limits
 */
record PlanFile(
    long budget, List<Bucket> buckets, List<BatchSize> batchSizes, double naivePaddedUnits) {
  /** Name of the file. */
  static final String NAME = "plan.json";

  /**
   * What a bucket came to.
   *
   * @param shortest least first dimension of its examples
   * @param longest largest first dimension of its examples
   * @param examples number of examples
   * @param batches number of batches
   * @param realUnits units that carry data
   * @param paddedUnits units that are computed
   */
  record Bucket(
      int shortest, int longest, long examples, long batches, long realUnits, long paddedUnits) {

    /** Both pieces of a bucket. */
    Bucket plus(Bucket other) {
      return new Bucket(
          Math.min(shortest, other.shortest),
          Math.max(longest, other.longest),
          examples + other.examples,
          batches + other.batches,
          realUnits + other.realUnits,
          paddedUnits + other.paddedUnits);
    }
  }

  /**
   * Batches of about one size.
   *
   * @param from least examples of these
   * @param to most examples of these
   * @param batches number of batches
   */
  record BatchSize(int from, int to, long batches) {}
}
