package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Adam with decoupled weight decay. */
@Card(
    name = "adamw",
    what = "Adam, with weights that shrink a little at each step, apart from the gradient.",
    how =
        "Decays matrices, kernels and embeddings only, never biases and gains, by rate * decay a"
            + " step. The usual choice for language models, with a cosine schedule.",
    avoid = "Keeps two numbers a weight.",
    papers = {"Decoupled Weight Decay Regularization (arXiv 1711.05101)"})
public final class AdamW implements UpdateRuleTechnique<AdamW.Config> {

  /** Settings of {@code adamw}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.001", min = 0)
          double learningRate,
      @Setting(help = "Share of the mean gradient kept.", standard = "0.9", min = 0, max = 0.99999)
          double beta1,
      @Setting(help = "Share of the mean square kept.", standard = "0.999", min = 0, max = 0.99999)
          double beta2,
      @Setting(help = "Added to the root of the mean square.", standard = "1e-8", min = 1e-30)
          double epsilon,
      @Setting(help = "Share of a weight lost a step, times the rate.", standard = "0.01", min = 0)
          double weightDecay) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new AdamRule(
        settings.learningRate(),
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        settings.weightDecay());
  }
}
