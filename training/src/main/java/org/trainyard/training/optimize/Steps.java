package org.trainyard.training.optimize;

import java.util.List;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A rate that falls in steps. */
@Card(
    name = "step",
    what = "The base rate, multiplied by a factor at each of some points of the run.",
    how =
        "Points are shares of the run, after the warm-up if there is one: [0.5, 0.75] with a"
            + " factor of 0.1 is the usual choice for convolutional nets and momentum.",
    avoid = "Where the points should lie has to be tried out; cosine has nothing to try.",
    papers = {"Deep Residual Learning for Image Recognition (arXiv 1512.03385)"})
public final class Steps implements ScheduleTechnique<Steps.Config> {

  /** Settings of {@code step}. */
  public record Config(
      @Setting(help = "Where the rate falls, as shares of the run.", standard = "[0.5, 0.75]")
          List<Double> at,
      @Setting(
              help = "What the rate is multiplied by at each point.",
              standard = "0.1",
              min = 0,
              max = 1)
          double factor,
      @Setting(help = "Share of the run that warms up.", standard = "0", min = 0, max = 1)
          double warmUp,
      @Setting(help = "Units that warm up, instead of warm-up, if over 0.", standard = "0", min = 0)
          long warmUpUnits,
      @Setting(help = "Factor at the first step.", standard = "0.01", min = 0, max = 1)
          double startFactor) {
    /** Checks the points. */
    public Config {
      Check.require(
          at.stream().allMatch(point -> point > 0 && point < 1),
          "at",
          "must be shares of the run between 0 and 1, but is %s",
          at);
    }
  }

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Schedule create(Config settings) {
    List<Double> points = List.copyOf(settings.at());
    double factor = settings.factor();
    return new Course(
        settings.warmUp(),
        settings.warmUpUnits(),
        settings.startFactor(),
        course -> StrictMath.pow(factor, points.stream().filter(point -> course >= point).count()));
  }
}
