package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;

/** Gradient descent with momentum. */
@Card(
    name = "momentum",
    what = "Gradient descent along a decaying sum of past gradients.",
    how =
        "velocity = momentum * velocity + gradient; weight -= rate * velocity. With nesterov the"
            + " step looks ahead: weight -= rate * (gradient + momentum * velocity).",
    avoid = "With many local steps between rounds the velocity of each shard goes its own way.",
    papers = {
      "Polyak 1964, Some methods of speeding up the convergence of iteration methods",
      "Sutskever et al. 2013, On the importance of initialization and momentum in deep learning"
    })
public final class Momentum implements UpdateRuleTechnique<Momentum.Config> {

  /** Settings of {@code momentum}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.05", min = 0)
          double learningRate,
      @Setting(help = "Share of the velocity that is kept.", standard = "0.9", min = 0, max = 1)
          double momentum,
      @Setting(help = "Whether to look one step ahead.", standard = "false") boolean nesterov,
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
    return new Rule(
        settings.learningRate(), settings.momentum(), settings.nesterov(), settings.weightDecay());
  }

  record Rule(double learningRate, double momentum, boolean nesterov, double decay)
      implements UpdateRule {
    @Override
    public int stateArrays() {
      return 1;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      float pull = slice.decayed() ? (float) decay : 0;
      if (nesterov) {
        ahead(weights, gradient, state[0], (float) momentum, pull, (float) rate);
      } else {
        along(weights, gradient, state[0], (float) momentum, pull, (float) rate);
      }
    }

    private static void along(
        float[] weights, float[] gradient, float[] velocity, float kept, float pull, float rate) {
      for (int i = 0; i < weights.length; i++) {
        float speed = kept * velocity[i] + (gradient[i] + pull * weights[i]);
        velocity[i] = speed;
        weights[i] -= rate * speed;
      }
    }

    private static void ahead(
        float[] weights, float[] gradient, float[] velocity, float kept, float pull, float rate) {
      for (int i = 0; i < weights.length; i++) {
        float slope = gradient[i] + pull * weights[i];
        float speed = kept * velocity[i] + slope;
        velocity[i] = speed;
        weights[i] -= rate * (slope + kept * speed);
      }
    }
  }
}
