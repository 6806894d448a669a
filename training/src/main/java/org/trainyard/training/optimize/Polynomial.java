package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Warm-up, then a power of what is left. */
@Card(
    name = "polynomial",
    what = "Rises in a straight line, then falls as a power of the share of the run that is left.",
    how = "With power 2 the usual companion of lars.",
    avoid = "The end must be known: a run that is made longer does not continue the curve.",
    papers = {"Large Batch Training of Convolutional Networks (arXiv 1708.03888)"})
public final class Polynomial implements ScheduleTechnique<Polynomial.Config> {

  /** Settings of {@code polynomial}. */
  public record Config(
      @Setting(
              help = "Power of the share that is left; 1 is a straight line.",
              standard = "2",
              min = 0)
          double power,
      @Setting(help = "Share of the run that warms up.", standard = "0.05", min = 0, max = 1)
          double warmUp,
      @Setting(help = "Units that warm up, instead of warm-up, if over 0.", standard = "0", min = 0)
          long warmUpUnits,
      @Setting(help = "Factor at the first step.", standard = "0.01", min = 0, max = 1)
          double startFactor,
      @Setting(help = "Factor at the end of the run.", standard = "0", min = 0, max = 1)
          double finalFactor) {
    /** Checks that some rate is left. */
    public Config {
      Course.check(warmUp, warmUpUnits, finalFactor);
    }
  }

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Schedule create(Config settings) {
    double last = settings.finalFactor();
    double power = settings.power();
    return new Course(
        settings.warmUp(),
        settings.warmUpUnits(),
        settings.startFactor(),
        course -> last + (1 - last) * StrictMath.pow(1 - course, power));
  }
}
