package org.trainyard.training.combine;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Parameters;

/** The mean around which every shard pulls with bounded force. */
@Card(
    name = "centered-clip",
    what = "A mean in which no shard can pull farther than a radius, however far away it lies.",
    how =
        """
        Starts from the median of each element and moves by the mean of the shards' differences from where it is, \
        each shortened to the radius, until it rests. radius 0 takes the median of the shards' distances from the \
        start, in each round anew. Each shard counts once, whatever its weight.\
        """,
    avoid =
        "A radius far below the spread of honest shards biases the mean, one far above lets liars"
            + " in. Costs a few passes over all vectors a round.",
    papers = "Secure Distributed Training at Scale (arXiv 2106.11257)")
public final class CenteredClip implements CombinerTechnique<CenteredClip.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help =
                  "Farthest that a shard may pull, in the norm of the vectors; 0 measures it in"
                      + " each round.",
              standard = "0",
              min = 0)
          double radius,
      @Setting(help = "Most times that the centre moves.", standard = "20", min = 1) int iterations,
      @Setting(
              help = "The centre rests when a move is shorter than this share of the radius.",
              standard = "0.001",
              min = 0,
              max = 1)
          double tolerance) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Combiner create(Settings settings) {
    return new Clipped(settings.radius(), settings.iterations(), settings.tolerance());
  }

  private record Clipped(double radius, int iterations, double tolerance) implements Combiner {
    private static final long serialVersionUID = 1;

    @Override
    public boolean elementwise() {
      return false;
    }

    @Override
    public Combined combine(List<Contribution> contributions, long round) {
      return combine(contributions, false);
    }

    @Override
    public Combined combineInParallel(List<Contribution> contributions, long round) {
      return combine(contributions, true);
    }

    private Combined combine(List<Contribution> contributions, boolean parallel) {
      Parameters centre = Middle.of(contributions, Middle.all(contributions.size()), parallel);
      double[] distances = distances(contributions, centre, parallel);
      double reach = radius > 0 ? radius : median(distances);
      for (int move = 0; move < iterations && reach > 0; move++) {
        double[] shares = shares(distances, reach);
        Parameters before = centre;
        centre = ByElement.make(centre, parallel, () -> kernel(contributions, before, shares));
        if (Math.sqrt(Distances.squared(1, centre, 1, before)) <= tolerance * reach) {
          break;
        }
        distances = distances(contributions, centre, parallel);
      }
      return new Combined(centre, new TreeSet<>());
    }

    /** What each difference is multiplied with; nothing of a shard that is not finite. */
    private static double[] shares(double[] distances, double reach) {
      return Arrays.stream(distances)
          .map(
              distance ->
                  Double.isInfinite(distance)
                      ? 0
                      : Math.min(1, reach / distance) / distances.length)
          .toArray();
    }

    private static double[] distances(
        List<Contribution> contributions, Parameters centre, boolean parallel) {
      double[] distances = new double[contributions.size()];
      IntStream shards = IntStream.range(0, distances.length);
      (parallel ? shards.parallel() : shards)
          .forEach(
              shard -> {
                Contribution one = contributions.get(shard);
                distances[shard] =
                    Math.sqrt(Distances.squared(one.scale(), one.vector(), 1, centre));
              });
      return distances;
    }

    private static double median(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }

    private static ByElement.Kernel kernel(
        List<Contribution> contributions, Parameters centre, double[] shares) {
      double[] moves = new double[ByElement.BLOCK];
      return (slice, from, to, into) -> {
        Arrays.fill(moves, 0);
        float[] at = centre.slice(slice);
        for (int shard = 0; shard < shares.length; shard++) {
          if (shares[shard] > 0) {
            Contribution one = contributions.get(shard);
            add(one.vector().slice(slice), one.scale(), at, shares[shard], from, to, moves);
          }
        }
        for (int i = from; i < to; i++) {
          into[i] = (float) (at[i] + moves[i - from]);
        }
      };
    }

    private static void add(
        float[] values, double scale, float[] at, double share, int from, int to, double[] moves) {
      for (int i = from; i < to; i++) {
        moves[i - from] += share * (scale * values[i] - at[i]);
      }
    }
  }
}
