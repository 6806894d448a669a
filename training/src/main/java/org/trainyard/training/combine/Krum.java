package org.trainyard.training.combine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** The shards that lie closest to their neighbours. */
@Card(
    name = "krum",
    what = "The mean of the shards that lie closest to most others; the rest is distrusted.",
    how =
        """
        The score of a shard is the sum of its squared distances to its n - faulty - 2 closest neighbours; the \
        chosen ones with the least scores are averaged, by weight. With n < 2 faulty + 3 shards, as many as the \
        promise allows count as faulty. Costs n² distances over the whole vector.\
        """,
    avoid =
        "It throws away good shards too, so gradients are noisier; a small, steady lie within the"
            + " spread of honest shards passes: centered-clip bounds that.",
    papers =
        "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent (NeurIPS 2017)")
public final class Krum implements CombinerTechnique<Krum.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "Most shards that may be broken or lie.", standard = "1", min = 0) int faulty,
      @Setting(help = "Shards to average; 0 for all but the faulty ones.", standard = "0", min = 0)
          int chosen) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Combiner create(Settings settings) {
    return new Closest(settings.faulty(), settings.chosen());
  }

  private record Closest(int faulty, int chosen) implements Combiner {
    private static final long serialVersionUID = 1;
    private static final Combiner MEAN = new WeightedMean().create(new WeightedMean.Settings());

    @Override
    public boolean elementwise() {
      return false;
    }

    @Override
    public Combined combine(List<Contribution> contributions, long round) {
      return combine(contributions, round, false);
    }

    @Override
    public Combined combineInParallel(List<Contribution> contributions, long round) {
      return combine(contributions, round, true);
    }

    private Combined combine(List<Contribution> contributions, long round, boolean parallel) {
      int shards = contributions.size();
      int bad = Math.max(0, Math.min(faulty, (shards - 3) / 2));
      int good = chosen == 0 ? shards - bad : Math.min(chosen, shards);
      double[] scores = scores(contributions, Math.max(1, shards - bad - 2), parallel);
      List<Contribution> kept =
          IntStream.range(0, shards)
              .boxed()
              .sorted(Comparator.comparingDouble(shard -> scores[shard]))
              .limit(good)
              .sorted()
              .map(contributions::get)
              .toList();
      SortedSet<Integer> distrusted = new TreeSet<>();
      contributions.forEach(one -> distrusted.add(one.shard()));
      kept.forEach(one -> distrusted.remove(one.shard()));
      Combined mean = parallel ? MEAN.combineInParallel(kept, round) : MEAN.combine(kept, round);
      return new Combined(mean.mean(), distrusted);
    }

    private static double[] scores(
        List<Contribution> contributions, int neighbours, boolean parallel) {
      int shards = contributions.size();
      double[][] squared = new double[shards][shards];
      IntStream pairs =
          IntStream.range(0, shards * shards).filter(pair -> pair / shards < pair % shards);
      (parallel ? pairs.parallel() : pairs)
          .forEach(
              pair -> {
                Contribution one = contributions.get(pair / shards);
                Contribution other = contributions.get(pair % shards);
                double distance =
                    Distances.squared(one.scale(), one.vector(), other.scale(), other.vector());
                squared[pair / shards][pair % shards] = distance;
                squared[pair % shards][pair / shards] = distance;
              });
      return Arrays.stream(squared)
          .mapToDouble(row -> Arrays.stream(row).sorted().limit(neighbours + 1L).sum())
          .toArray();
    }
  }
}
