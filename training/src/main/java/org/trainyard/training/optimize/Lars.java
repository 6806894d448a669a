package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Norms;

/** Momentum with a rate for each layer, by the lengths of its weights and gradient. */
@Card(
    name = "lars",
    what = "Momentum, where each layer takes steps in proportion to the length of its weights.",
    how =
        "velocity = momentum * velocity + rate * trust * |w| / (|g| + decay * |w|) * (g + decay *"
            + " w); weight -= velocity. Biases and norms take the plain rate, without decay. For"
            + " batches of thousands: rates of 1 to 30, a linear warm-up and schedule polynomial"
            + " with power 2.",
    avoid =
        "With the rate of plain momentum it stands still: trust is a factor of 0.001. On language"
            + " models lamb does better.",
    papers = "Large Batch Training of Convolutional Networks (arXiv 1708.03888)")
public final class Lars implements UpdateRuleTechnique<Lars.Config> {

  /** Settings of {@code lars}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "2", min = 0)
          double learningRate,
      @Setting(help = "Share of the velocity that is kept.", standard = "0.9", min = 0, max = 1)
          double momentum,
      @Setting(
              help = "Length of a step over the length of the weights, at a rate of 1.",
              standard = "0.001",
              min = 0)
          double trust,
      @Setting(
              help = "Share of a weight added to its gradient; biases and norms have none.",
              standard = "0.0001",
              min = 0)
          double weightDecay) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new Rule(
        settings.learningRate(), settings.momentum(), settings.trust(), settings.weightDecay());
  }

  record Rule(double learningRate, double momentum, double trust, double decay)
      implements UpdateRule {
    @Override
    public int stateArrays() {
      return 1;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      double local = rate;
      if (slice.decayed()) {
        double length = Norms.of(weights);
        double slope = Norms.of(gradient) + decay * length;
        local *= length > 0 && slope > 0 ? trust * length / slope : 1;
      }
      // The rate is inside the velocity: what was gained keeps the rate that it was gained at.
      float pull = slice.decayed() ? (float) decay : 0;
      move(weights, gradient, state[0], (float) momentum, pull, (float) local);
    }

    private static void move(
        float[] weights, float[] gradient, float[] velocity, float kept, float pull, float rate) {
      for (int i = 0; i < weights.length; i++) {
        float speed = kept * velocity[i] + rate * (gradient[i] + pull * weights[i]);
        velocity[i] = speed;
        weights[i] -= speed;
      }
    }
  }
}
