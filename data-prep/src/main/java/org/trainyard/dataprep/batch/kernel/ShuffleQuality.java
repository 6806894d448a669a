package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How well an order of batches is shuffled.
 *
 * @param rankCorrelation Spearman's, of the longest example of a batch against its place, -1 to 1;
 *     of a random order 0 ± 1/√(n-1)
 * @param meanRun mean number of batches of one bucket in a row, at least 1
 * @param longestRun the most batches of one bucket in a row
 */
public record ShuffleQuality(double rankCorrelation, double meanRun, int longestRun) {

  /**
   * The worst of many random orders.
   *
   * @param meanRun largest mean run
   * @param longestRun longest run
   */
  public record Bounds(double meanRun, int longestRun) {}

  /**
   * Measures.
   *
   * @param order batches in the order in which they come, shape [n]
   * @param length of the longest example of each batch, shape [n]
   * @param bucket of each batch, shape [n]
   */
  public static ShuffleQuality of(int[] order, int[] length, int[] bucket) {
    int n = order.length;
    double[] ranks = ranks(length);
    double mean = (n - 1) / 2.0;
    double together = 0;
    double ofRanks = 0;
    double ofPlaces = 0;
    for (int place = 0; place < n; place++) {
      double rank = ranks[order[place]] - mean;
      together += rank * (place - mean);
      ofRanks += rank * rank;
      ofPlaces += (place - mean) * (place - mean);
    }
    int[] runs = runs(order, bucket);
    double spread = Math.sqrt(ofRanks * ofPlaces);
    return new ShuffleQuality(
        spread == 0 ? 0 : together / spread, n / (double) Math.max(1, runs[0]), runs[1]);
  }

  /** Ranks from 0; equal values share the mean of theirs. */
  private static double[] ranks(int[] values) {
    long[] keys = new long[values.length];
    for (int at = 0; at < keys.length; at++) {
      keys[at] = (long) values[at] << 32 | at;
    }
    Arrays.sort(keys);
    double[] ranks = new double[values.length];
    for (int from = 0; from < keys.length; ) {
      int to = from;
      while (to < keys.length && keys[to] >> 32 == keys[from] >> 32) {
        to++;
      }
      for (int at = from; at < to; at++) {
        ranks[(int) keys[at]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  /** Number of runs, and the length of the longest. */
  private static int[] runs(int[] order, int[] bucket) {
    int runs = 0;
    int longest = 0;
    int run = 0;
    for (int place = 0; place < order.length; place++) {
      boolean goesOn = place > 0 && bucket[order[place]] == bucket[order[place - 1]];
      run = goesOn ? run + 1 : 1;
      runs += goesOn ? 0 : 1;
      longest = Math.max(longest, run);
    }
    return new int[] {runs, longest};
  }

  /**
   * The worst of many orders that were drawn with equal chance.
   *
   * @param bucket of each batch, shape [n]
   * @param shuffles how many; one in so many good orders is worse by chance
   */
  public static Bounds ofShuffles(int[] bucket, int shuffles, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[bucket.length];
    Arrays.setAll(order, at -> at);
    int fewest = Integer.MAX_VALUE;
    int longest = 0;
    for (int shuffle = 0; shuffle < shuffles; shuffle++) {
      for (int at = order.length - 1; at > 0; at--) {
        int other = random.nextInt(at + 1);
        int kept = order[at];
        order[at] = order[other];
        order[other] = kept;
      }
      int[] runs = runs(order, bucket);
      fewest = Math.min(fewest, runs[0]);
      longest = Math.max(longest, runs[1]);
    }
    return new Bounds(bucket.length / (double) Math.max(1, fewest), longest);
  }

  /** Chance that two batches drawn one after the other, by share of their bucket, are of one. */
  public static double chanceOfSame(int[] bucket) {
    double[] counts = new double[Arrays.stream(bucket).max().orElse(0) + 1];
    for (int one : bucket) {
      counts[one]++;
    }
    return Arrays.stream(counts).map(count -> Math.pow(count / bucket.length, 2)).sum();
  }
}
