package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Warm-up, then half a cosine down. */
@Card(
    name = "cosine",
    what = "Rises in a straight line, then falls along half a cosine to the end of the run.",
    how =
        "Counts units seen, not steps, so batches of any size follow the same curve. A warm-up of"
            + " 2 to 10 % suits Adam.",
    avoid = "The end must be known: a run that is made longer does not continue the curve.",
    papers = {"SGDR: Stochastic Gradient Descent with Warm Restarts (arXiv 1608.03983)"})
public final class Cosine implements ScheduleTechnique<Cosine.Config> {

  /** Settings of {@code cosine}. */
  public record Config(
      @Setting(help = "Share of the run that warms up.", standard = "0.05", min = 0, max = 1)
          double warmUp,
      @Setting(help = "Units that warm up, instead of warm-up, if over 0.", standard = "0", min = 0)
          long warmUpUnits,
      @Setting(help = "Factor at the first step.", standard = "0.01", min = 0, max = 1)
          double startFactor,
      @Setting(help = "Factor at the end of the run.", standard = "0.05", min = 0, max = 1)
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
    return new Course(
        settings.warmUp(),
        settings.warmUpUnits(),
        settings.startFactor(),
        course -> last + (1 - last) * (0.5 * (1 + StrictMath.cos(StrictMath.PI * course))));
  }
}
