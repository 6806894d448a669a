package org.trainyard.training.combine;

import org.trainyard.pipeline.technique.Card;

/** The median of each element. */
@Card(
    name = "median",
    what = "The median of all shards, element by element: fewer than half cannot move it far.",
    how =
        "Each shard counts once, whatever its weight: a weight may be as false as a vector. With an"
            + " even number of shards, the mean of the two in the middle.",
    avoid =
        "Where shards differ for good reasons (few examples each, skewed data) it is biased and"
            + " noisier than weighted-mean.",
    papers = "Byzantine-Robust Distributed Learning (arXiv 1803.01498)")
public final class Median implements CombinerTechnique<Median.Settings> {

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Combiner create(Settings settings) {
    return new Middle.Combining(Middle::all);
  }
}
