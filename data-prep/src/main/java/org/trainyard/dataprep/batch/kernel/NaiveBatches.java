package org.trainyard.dataprep.batch.kernel;

import java.util.SplittableRandom;

/**
 * What the same examples would cost without planning: put together in random order, as many as the
 * limits allow.
 */
public final class NaiveBatches {
  /**
   * More examples than this are stood for by so many draws; the error of the share is below 0.1 %.
   */
  private static final int MOST = 1_000_000;

  /**
   * The cost.
   *
   * @param batches number of batches
   * @param realUnits units that carry data
   * @param paddedUnits units that are computed
   */
  public record Cost(double batches, double realUnits, double paddedUnits) {
    /** Share of the computed units that is padding, 0 to 1. */
    public double paddingShare() {
      return paddedUnits == 0 ? 0 : 1 - realUnits / paddedUnits;
    }
  }

  private NaiveBatches() {}

  /**
   * The cost of all examples, in one seeded random order; scaled up from draws if there are many.
   */
  public static Cost cost(Sizes sizes, BatchLimits limits, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Examples examples = sizes.counted() <= MOST ? shuffled(sizes, random) : drawn(sizes, random);
    double[] sums = new double[3];
    GreedyFill.fill(
        examples,
        limits,
        new BatchSink() {
          @Override
          public void place(int example, int row, int offset) {
            sums[1] += (double) examples.first(example) + examples.second(example);
          }

          @Override
          public void close(int rows, int first, int second) {
            sums[0]++;
            sums[2] += rows * ((double) first + second);
          }
        });
    double scale = examples.size() == 0 ? 0 : sizes.examples() / (double) examples.size();
    return new Cost(sums[0] * scale, sums[1] * scale, sums[2] * scale);
  }

  private static Examples shuffled(Sizes sizes, SplittableRandom random) {
    int[] order = new int[(int) sizes.counted()];
    int size = 0;
    for (int at = 0; at < sizes.size(); at++) {
      for (long copy = 0; copy < sizes.counts()[at]; copy++) {
        int other = random.nextInt(size + 1);
        order[size] = order[other];
        order[other] = at;
        size++;
      }
    }
    Examples examples = new Examples();
    for (int place = 0; place < size; place++) {
      examples.add(place, place, sizes.first()[order[place]], sizes.second()[order[place]]);
    }
    return examples;
  }

  private static Examples drawn(Sizes sizes, SplittableRandom random) {
    long[] upTo = new long[sizes.size()];
    long sum = 0;
    for (int at = 0; at < upTo.length; at++) {
      sum += sizes.counts()[at];
      upTo[at] = sum;
    }
    Examples examples = new Examples();
    for (int draw = 0; draw < MOST; draw++) {
      int found = java.util.Arrays.binarySearch(upTo, random.nextLong(sum) + 1);
      int at = found >= 0 ? found : -found - 1;
      examples.add(draw, draw, sizes.first()[at], sizes.second()[at]);
    }
    return examples;
  }
}
