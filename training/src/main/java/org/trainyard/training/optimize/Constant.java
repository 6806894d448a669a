package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A rate that stays as it is. */
@Card(
    name = "constant",
    what = "The rule's base rate, all the way; a warm-up can go before it.",
    how = "A baseline, and the choice where latest weights are averaged.",
    avoid = "A language model ends better with cosine.")
public final class Constant implements ScheduleTechnique<Constant.Config> {

  /** Settings of {@code constant}. */
  public record Config(
      @Setting(help = "Share of the run that warms up.", standard = "0", min = 0, max = 1)
          double warmUp,
      @Setting(help = "Units that warm up, instead of warm-up, if over 0.", standard = "0", min = 0)
          long warmUpUnits,
      @Setting(help = "Factor at the first step.", standard = "0.01", min = 0, max = 1)
          double startFactor) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Schedule create(Config settings) {
    return new Course(
        settings.warmUp(), settings.warmUpUnits(), settings.startFactor(), course -> 1);
  }
}
