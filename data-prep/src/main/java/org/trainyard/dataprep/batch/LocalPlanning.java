package org.trainyard.dataprep.batch;

import java.util.Arrays;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.Examples;
import org.trainyard.dataprep.batch.kernel.Plan;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.dataprep.synthesize.kernel.LogNormalLengths;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Plans in memory and on one thread what {@link PlanBatches} plans on a cluster, with the same
 * planners: for benchmarks.
 */
final class LocalPlanning {
  /** Budget of the case that planners are compared on. */
  static final BatchLimits LIMITS = new BatchLimits(16_384, 0, 1);

  private static final LogNormalLengths LENGTHS =
      new LogNormalLengths(3, 5.6, 1.1, 8, 8192, 4, 0.3);

  /**
   * What came out.
   *
   * @param bucket of each batch, shape [b]
   * @param longest example of each batch, shape [b]
   * @param real units that carry data
   * @param padded units that are computed
   * @param over batches over the budget, counted from the places of their examples
   */
  record Result(int[] bucket, int[] longest, long real, long padded, int over) {
    int batches() {
      return bucket.length;
    }

    double paddingShare() {
      return 1 - real / (double) padded;
    }

    /** Share of all batches' budgets that carries data. */
    double budgetShare() {
      return real / ((double) batches() * LIMITS.budget());
    }
  }

  private LocalPlanning() {}

  /** Lengths clip(lognormal(5.6, 1.1), 8, 8192), seed 3. */
  static int[] lengths(int count) {
    int[] lengths = new int[count];
    for (int at = 0; at < count; at++) {
      lengths[at] = LENGTHS.length(at);
    }
    return lengths;
  }

  /** Plans examples without groups, each bucket in one piece. */
  static Result plan(int[] lengths, BatchPlanner planner) {
    Buckets buckets = planner.buckets(sizes(lengths), LIMITS);
    int[] order = seededOrder(lengths.length);
    int[] bucketOf = new int[lengths.length];
    int[] ends = new int[buckets.count() + 1];
    for (int at = 0; at < lengths.length; at++) {
      bucketOf[at] = buckets.of(lengths[at], 0);
      ends[bucketOf[at] + 1]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    int[] next = ends.clone();
    int[] routed = new int[lengths.length];
    for (int example : order) {
      routed[next[bucketOf[example]]++] = example;
    }
    Tally tally = new Tally();
    Examples examples = new Examples();
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      examples.shorten(0);
      for (int at = ends[bucket]; at < ends[bucket + 1]; at++) {
        examples.add(routed[at], routed[at], lengths[routed[at]], 0);
      }
      Plan plan = new Plan(examples.size());
      planner.plan(examples, LIMITS, plan);
      tally.add(bucket, examples, plan.checked(LIMITS));
    }
    return tally.result();
  }

  static Sizes sizes(int[] lengths) {
    long[] counts = new long[Arrays.stream(lengths).max().orElse(0) + 1];
    for (int length : lengths) {
      counts[length]++;
    }
    int[] different = new int[counts.length];
    Arrays.setAll(different, length -> length);
    int[] present = Arrays.stream(different).filter(length -> counts[length] > 0).toArray();
    long[] kept = Arrays.stream(present).mapToLong(length -> counts[length]).toArray();
    return new Sizes(present, new int[present.length], kept, lengths.length);
  }

  /** Random order by a hash of the number, as the job orders by a hash of the identity. */
  private static int[] seededOrder(int count) {
    long[] keys = new long[count];
    for (int at = 0; at < count; at++) {
      keys[at] = Permutation.mix(at * 0x9E3779B97F4A7C15L) & 0xFFFFFFFF00000000L | at;
    }
    Arrays.sort(keys);
    int[] order = new int[count];
    for (int at = 0; at < count; at++) {
      order[at] = (int) keys[at];
    }
    return order;
  }

  private static final class Tally {
    private int[] bucket = {};
    private int[] longest = {};
    private long real;
    private long padded;
    private int over;

    void add(int of, Examples examples, Plan plan) {
      int before = bucket.length;
      bucket = Arrays.copyOf(bucket, before + plan.batches());
      longest = Arrays.copyOf(longest, before + plan.batches());
      Arrays.fill(bucket, before, bucket.length, of);
      int[] width = new int[plan.batches()];
      int[] rows = new int[plan.batches()];
      for (int at = 0; at < examples.size(); at++) {
        int batch = plan.batch(at);
        real += examples.first(at);
        longest[before + batch] = Math.max(longest[before + batch], examples.first(at));
        width[batch] = Math.max(width[batch], plan.offset(at) + examples.first(at));
        rows[batch] = Math.max(rows[batch], plan.row(at) + 1);
      }
      for (int batch = 0; batch < width.length; batch++) {
        over += rows[batch] * (long) width[batch] > LIMITS.budget() ? 1 : 0;
      }
      padded += plan.paddedUnits();
    }

    Result result() {
      return new Result(bucket, longest, real, padded, over);
    }
  }
}
