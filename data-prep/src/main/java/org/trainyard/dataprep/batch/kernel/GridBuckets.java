package org.trainyard.dataprep.batch.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Buckets by two dimensions: bins of the first, each cut by the second. What has far more of the
 * second per unit of the first than its bin (speech with too long a transcript) belongs nowhere.
 *
 * @see <a href="https://arxiv.org/abs/2503.05931">Training and Inference Efficiency of
 *     Encoder-Decoder Speech Models, 2025</a>
 */
public final class GridBuckets implements Buckets {
  private static final long serialVersionUID = 1;
  private final int[] bins;
  private final int[][] cuts;
  private final int[] starts;
  private final double[] largestRatio;

  private GridBuckets(int[] bins, int[][] cuts, double[] largestRatio) {
    this.bins = bins;
    this.cuts = cuts;
    this.largestRatio = largestRatio;
    starts = new int[cuts.length + 1];
    for (int bin = 0; bin < cuts.length; bin++) {
      starts[bin + 1] = starts[bin] + cuts[bin].length + 1;
    }
  }

  /**
   * Bins of equal total first dimension, each cut into parts of equal total second dimension.
   *
   * @param bins wanted, at least 1
   * @param parts of each bin wanted, at least 1
   * @param deviations how many standard deviations above the bin's mean a ratio second / first may
   *     lie; 0 for any
   */
  public static GridBuckets ofEqualMass(Sizes sizes, int bins, int parts, double deviations) {
    int[] edges = EqualMass.edges(sizes.first(), sizes.counts(), bins);
    List<List<Integer>> members = new ArrayList<>();
    for (int bin = 0; bin <= edges.length; bin++) {
      members.add(new ArrayList<>());
    }
    for (int at = 0; at < sizes.size(); at++) {
      members.get(EqualMass.part(edges, sizes.first()[at])).add(at);
    }
    int[][] cuts = new int[members.size()][];
    double[] largest = new double[members.size()];
    for (int bin = 0; bin < cuts.length; bin++) {
      List<Integer> all = members.get(bin);
      double bound = deviations > 0 ? bound(sizes, all, deviations) : Double.POSITIVE_INFINITY;
      int[] kept =
          all.stream()
              .mapToInt(Integer::intValue)
              .filter(at -> ratio(sizes, at) <= bound)
              .toArray();
      cuts[bin] =
          EqualMass.edges(
              Arrays.stream(kept).map(at -> sizes.second()[at]).toArray(),
              Arrays.stream(kept).mapToLong(at -> sizes.counts()[at]).toArray(),
              parts);
      largest[bin] = bound;
    }
    return new GridBuckets(edges, cuts, largest);
  }

  private static double ratio(Sizes sizes, int at) {
    return sizes.second()[at] / (double) sizes.first()[at];
  }

  private static double bound(Sizes sizes, List<Integer> members, double deviations) {
    double weight = 0;
    double sum = 0;
    for (int at : members) {
      weight += sizes.counts()[at];
      sum += sizes.counts()[at] * ratio(sizes, at);
    }
    double mean = weight == 0 ? 0 : sum / weight;
    double squares = 0;
    for (int at : members) {
      double distance = ratio(sizes, at) - mean;
      squares += sizes.counts()[at] * distance * distance;
    }
    double deviation = weight == 0 ? 0 : Math.sqrt(squares / weight);
    return deviation == 0 ? Double.POSITIVE_INFINITY : mean + deviations * deviation;
  }

  @Override
  public int count() {
    return starts[starts.length - 1];
  }

  @Override
  public int of(int first, int second) {
    int bin = EqualMass.part(bins, first);
    if (second / (double) first > largestRatio[bin]) {
      return NONE;
    }
    return starts[bin] + EqualMass.part(cuts[bin], second);
  }
}
