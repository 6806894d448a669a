package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;

/** Steps of equal length, by the sign of a running mean. */
@Card(
    name = "lion",
    what =
        "Each weight moves by the rate, up or down, as the sign of its running mean gradient says.",
    how =
        "weight -= rate * (sign(beta1 * mean + (1 - beta1) * gradient) + decay * weight), then"
            + " mean = beta2 * mean + (1 - beta2) * gradient. Take a third to a tenth of AdamW's"
            + " rate and three to ten times its decay. Keeps one number a weight.",
    avoid =
        "Every weight moves by the whole rate even where its gradient is noise: small batches"
            + " suffer.",
    papers = "Symbolic Discovery of Optimization Algorithms (arXiv 2302.06675)")
public final class Lion implements UpdateRuleTechnique<Lion.Config> {

  /** Settings of {@code lion}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.0001", min = 0)
          double learningRate,
      @Setting(
              help = "Share of the mean in the direction of a step.",
              standard = "0.9",
              min = 0,
              max = 0.99999)
          double beta1,
      @Setting(help = "Share of the mean gradient kept.", standard = "0.99", min = 0, max = 0.99999)
          double beta2,
      @Setting(
              help = "Share of a weight lost a step, times the rate; biases and norms lose none.",
              standard = "0.1",
              min = 0)
          double weightDecay) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new Rule(
        settings.learningRate(), settings.beta1(), settings.beta2(), settings.weightDecay());
  }

  record Rule(double learningRate, double beta1, double beta2, double decay) implements UpdateRule {
    @Override
    public int stateArrays() {
      return 1;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      move(weights, gradient, state[0], slice.decayed() ? (float) (rate * decay) : 0, (float) rate);
    }

    private void move(float[] weights, float[] gradient, float[] mean, float shrink, float rate) {
      float kept1 = (float) beta1;
      float added1 = (float) (1 - beta1);
      float kept2 = (float) beta2;
      float added2 = (float) (1 - beta2);
      for (int i = 0; i < weights.length; i++) {
        float slope = gradient[i];
        float direction = kept1 * mean[i] + added1 * slope;
        // Exactly -1, 0 or 1 but for directions below 2e-31; unlike signum it is vectorised.
        float sign = direction / (Math.abs(direction) + Float.MIN_NORMAL);
        weights[i] -= shrink * weights[i] + rate * sign;
        mean[i] = kept2 * mean[i] + added2 * slope;
      }
    }
  }
}
