package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;

/** Plain gradient descent. */
@Card(
    name = "sgd",
    what = "Gradient descent: each weight moves against its gradient.",
    how = "weight -= rate * gradient. Keeps no state, so averaging every step equals one machine.",
    avoid = "Slow on badly scaled problems such as language models: take adamw there.",
    papers = {"Robbins and Monro 1951, A Stochastic Approximation Method"})
public final class Sgd implements UpdateRuleTechnique<Sgd.Config> {

  /** Settings of {@code sgd}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.1", min = 0)
          double learningRate,
      @Setting(
              help = "Share of a weight added to its gradient; biases and norms have none.",
              standard = "0",
              min = 0)
          double weightDecay) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new Rule(settings.learningRate(), settings.weightDecay());
  }

  record Rule(double learningRate, double decay) implements UpdateRule {
    @Override
    public int stateArrays() {
      return 0;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      float factor = (float) rate;
      float pull = slice.decayed() ? (float) decay : 0;
      for (int i = 0; i < weights.length; i++) {
        weights[i] -= factor * (gradient[i] + pull * weights[i]);
      }
    }
  }
}
