package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;

/** A rate that stays as it is. */
@Card(
    name = "constant",
    what = "The rule's base rate, all the way.",
    how = "A baseline, and the choice where latest weights are averaged.",
    avoid = "A language model ends better with cosine.")
public final class Constant implements ScheduleTechnique<Constant.Config> {

  /** No settings. */
  public record Config() {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Schedule create(Config settings) {
    return new Flat();
  }

  record Flat() implements Schedule {
    @Override
    public double factor(long seen, long total) {
      return 1;
    }
  }
}
