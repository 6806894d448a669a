package org.trainyard.training.combine;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
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
    @Override
    public boolean elementwise() {
      return true;
    }

    @Override
    public Combined combine(List<Contribution> contributions, long round) {
      return combine(contributions, false);
    }

    @Override
    public Combined combineInParallel(List<Contribution> contributions, long round) {
      return combine(contributions, true);
    }

    private static Combined combine(List<Contribution> contributions, boolean parallel) {
      double weight = total(contributions);
      Parameters like = contributions.get(0).vector();
      return new Combined(
          ByElement.make(like, parallel, () -> kernel(contributions, weight)), new TreeSet<>());
    }

    private static ByElement.Kernel kernel(List<Contribution> contributions, double weight) {
      double[] sums = new double[ByElement.BLOCK];
      return (slice, from, to, mean) -> {
        Arrays.fill(sums, 0);
        for (Contribution contribution : contributions) {
          add(contribution.vector().slice(slice), contribution.factor(), from, to, sums);
        }
        divide(sums, weight, from, to, mean);
      };
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
