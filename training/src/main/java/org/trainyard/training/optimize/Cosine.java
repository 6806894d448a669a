package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.pipeline.config.Check;
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
          double finalFactor)
      implements Serializable {
    /** Checks that some rate is left. */
    public Config {
      Check.require(
          warmUp < 1 || finalFactor > 0 || warmUpUnits > 0,
          "warm-up",
          "of 1 leaves no time at the full rate; give a share below 1");
    }
  }

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Schedule create(Config settings) {
    return new Curve(settings);
  }

  record Curve(Config settings) implements Schedule {
    @Override
    public double factor(long seen, long total) {
      double warm = settings.warmUpUnits() > 0 ? settings.warmUpUnits() : settings.warmUp() * total;
      if (seen < warm) {
        return settings.startFactor() + (1 - settings.startFactor()) * (seen / warm);
      }
      double course = total > warm ? Math.min(1, (seen - warm) / (total - warm)) : 1;
      double falling = 0.5 * (1 + StrictMath.cos(StrictMath.PI * course));
      return settings.finalFactor() + (1 - settings.finalFactor()) * falling;
    }
  }
}
