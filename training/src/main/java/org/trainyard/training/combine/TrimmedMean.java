package org.trainyard.training.combine;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** The mean of each element without the extremes. */
@Card(
    name = "trimmed-mean",
    what = "The mean of all shards, element by element, without the largest and the smallest.",
    how =
        "trim is the share left out on each side, rounded up to whole shards, and at least one"
            + " remains. Each shard counts once, whatever its weight.",
    avoid = "A share below that of broken shards lets them in; near a half it is the median.",
    papers = "Byzantine-Robust Distributed Learning (arXiv 1803.01498)")
public final class TrimmedMean implements CombinerTechnique<TrimmedMean.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Share of the shards left out on each side.",
              standard = "0.25",
              min = 0,
              max = 0.5)
          double trim) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Combiner create(Settings settings) {
    double trim = settings.trim();
    return new Middle.Combining(
        shards -> Math.min(Middle.all(shards), (int) Math.ceil(trim * shards)));
  }
}
