package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Adam. */
@Card(
    name = "adam",
    what = "Each weight has its own rate, from the running mean and mean square of its gradient.",
    how =
        "A learning rate of 0.001 to 0.003 suits most small models; raise beta2 where gradients are"
            + " rare, such as in large embeddings.",
    avoid = "Keeps two numbers a weight. For weight decay take adamw.",
    papers = {"Adam: A Method for Stochastic Optimization (arXiv 1412.6980)"})
public final class Adam implements UpdateRuleTechnique<Adam.Config> {

  /** Settings of {@code adam}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.001", min = 0)
          double learningRate,
      @Setting(help = "Share of the mean gradient kept.", standard = "0.9", min = 0, max = 0.99999)
          double beta1,
      @Setting(help = "Share of the mean square kept.", standard = "0.999", min = 0, max = 0.99999)
          double beta2,
      @Setting(help = "Added to the root of the mean square.", standard = "1e-8", min = 1e-30)
          double epsilon) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new AdamRule(
        settings.learningRate(), settings.beta1(), settings.beta2(), settings.epsilon(), 0);
  }
}
