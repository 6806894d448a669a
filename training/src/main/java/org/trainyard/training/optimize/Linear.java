package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Warm-up, then a straight line down. */
@Card(
    name = "linear",
    what = "Rises in a straight line, then falls in one to the end of the run.",
    how = "Counts units seen, not steps, so batches of any size follow the same line.",
    avoid = "The end must be known: a run that is made longer does not continue the line.",
    papers = {
      "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding (arXiv 1810.04805)"
    })
public final class Linear implements ScheduleTechnique<Linear.Config> {

  /** Settings of {@code linear}. */
  public record Config(
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
    return new Course(
        settings.warmUp(),
        settings.warmUpUnits(),
        settings.startFactor(),
        course -> last + (1 - last) * (1 - course));
  }
}
