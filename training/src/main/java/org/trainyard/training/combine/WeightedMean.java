package org.trainyard.training.combine;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Parameters;

/** The mean by weight, summed in order of the shards. */
@Card(
    name = "weighted-mean",
    what = "The mean of all shards, each weighed by its real units, summed in order of the shards.",
    how =
        "Sums in double precision in a fixed order, so that the result is bit-equal for any number"
            + " of executors. A shard without data weighs nothing.",
    avoid = "One shard with broken data or a hostile one can move it anywhere.",
    papers = {
      "Communication-Efficient Learning of Deep Networks from Decentralized Data (arXiv 1602.05629)"
    })
public final class WeightedMean implements CombinerTechnique<WeightedMean.Settings> {

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Combiner create(Settings settings) {
    return new Mean();
  }

  /**
   * {@code Σ factor · vector / Σ weight} by element: the rounding error is that of one conversion
   * to single precision.
   */
  private record Mean() implements Combiner {
    /** Sums of this many elements stay in the first cache. */
    private static final int BLOCK = 2048;

    /** Elements that one thread takes at a time. */
    private static final int PIECE = 8 * BLOCK;

    @Override
    public boolean elementwise() {
      return true;
    }

    @Override
    public Combined combine(List<Contribution> contributions, long round) {
      return combine(contributions, IntStream.range(0, pieces(contributions)));
    }

    @Override
    public Combined combineInParallel(List<Contribution> contributions, long round) {
      return combine(contributions, IntStream.range(0, pieces(contributions)).parallel());
    }

    private static int pieces(List<Contribution> contributions) {
      return Math.toIntExact(contributions.get(0).vector().length() / PIECE + 1);
    }

    private static Combined combine(List<Contribution> contributions, IntStream pieces) {
      double weight = total(contributions);
      Parameters first = contributions.get(0).vector();
      float[][] mean = new float[first.count()][];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = new float[first.slice(i).length];
      }
      pieces.forEach(piece -> combine(contributions, weight, (long) piece * PIECE, mean));
      return new Combined(Parameters.of(mean), new TreeSet<>());
    }

    /** Makes the part of the mean that lies in one piece of the whole vector. */
    private static void combine(
        List<Contribution> contributions, double weight, long start, float[][] mean) {
      double[] sums = new double[BLOCK];
      long offset = 0;
      for (int i = 0; i < mean.length; i++) {
        int from = (int) Math.max(0, Math.min(mean[i].length, start - offset));
        int end = (int) Math.max(0, Math.min(mean[i].length, start + PIECE - offset));
        for (; from < end; from += BLOCK) {
          int to = Math.min(from + BLOCK, end);
          Arrays.fill(sums, 0);
          for (Contribution contribution : contributions) {
            add(contribution.vector().slice(i), contribution.factor(), from, to, sums);
          }
          divide(sums, weight, from, to, mean[i]);
        }
        offset += mean[i].length;
      }
    }

    private static void divide(double[] sums, double weight, int from, int to, float[] mean) {
      for (int j = from; j < to; j++) {
        mean[j] = (float) (sums[j - from] / weight);
      }
    }

    /** A plain sum: that of a stream compensates in an order of its own. */
    private static double total(List<Contribution> contributions) {
      double total = 0;
      for (Contribution contribution : contributions) {
        total += contribution.weight();
      }
      return total;
    }

    private static void add(float[] values, double factor, int from, int to, double[] sums) {
      for (int j = from; j < to; j++) {
        sums[j - from] += factor * values[j];
      }
    }
  }
}
