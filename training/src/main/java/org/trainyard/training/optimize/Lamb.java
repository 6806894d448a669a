package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;

/** Adam with a rate for each layer, by the lengths of its weights and step. */
@Card(
    name = "lamb",
    what = "Adam, where each layer takes steps in proportion to the length of its weights.",
    how =
        "With Adam's step u = mean / (√square + epsilon) + decay * w, both means corrected for"
            + " their start at 0: weight -= rate * |w| / |u| * u. Biases and norms take Adam's"
            + " step, without decay. For large batches, with a warm-up, and a rate that grows"
            + " with the root of the batch (rate-scaling: square-root).",
    avoid =
        "With small batches adamw is as good, at a third of the time. A layer whose weights start at"
            + " 0 moves little after its first step.",
    papers =
        "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes (arXiv 1904.00962)")
public final class Lamb implements UpdateRuleTechnique<Lamb.Config> {

  /** Settings of {@code lamb}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.001", min = 0)
          double learningRate,
      @Setting(help = "Share of the mean gradient kept.", standard = "0.9", min = 0, max = 0.99999)
          double beta1,
      @Setting(help = "Share of the mean square kept.", standard = "0.999", min = 0, max = 0.99999)
          double beta2,
      @Setting(help = "Added to the root of the mean square.", standard = "1e-6", min = 1e-30)
          double epsilon,
      @Setting(help = "Share of a weight in its step, before the rate.", standard = "0.01", min = 0)
          double weightDecay)
      implements Serializable {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new Rule(settings);
  }

  record Rule(Config settings) implements UpdateRule {
    @Override
    public double learningRate() {
      return settings.learningRate();
    }

    @Override
    public int stateArrays() {
      return 2;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      // StrictMath gives the same bits on every machine.
      float unbias1 = (float) (1 / (1 - StrictMath.pow(settings.beta1(), step)));
      float unbias2 = (float) (1 / (1 - StrictMath.pow(settings.beta2(), step)));
      float pull = slice.decayed() ? (float) settings.weightDecay() : 0;
      average(gradient, state[0], state[1]);
      double trust =
          slice.decayed() ? trust(weights, state[0], state[1], unbias1, unbias2, pull) : 1;
      move(weights, state[0], state[1], unbias1, unbias2, pull, (float) (rate * trust));
    }

    private void average(float[] gradient, float[] mean, float[] square) {
      float kept1 = (float) settings.beta1();
      float added1 = (float) (1 - settings.beta1());
      float kept2 = (float) settings.beta2();
      float added2 = (float) (1 - settings.beta2());
      for (int i = 0; i < gradient.length; i++) {
        float slope = gradient[i];
        mean[i] = kept1 * mean[i] + added1 * slope;
        square[i] = kept2 * square[i] + added2 * (slope * slope);
      }
    }

    /** Length of the weights over that of the step; the step is made anew in {@link #move}. */
    private double trust(
        float[] weights, float[] mean, float[] square, float unbias1, float unbias2, float pull) {
      float least = (float) settings.epsilon();
      double length = 0;
      double stride = 0;
      for (int i = 0; i < weights.length; i++) {
        float root = (float) Math.sqrt(square[i] * unbias2);
        float step = mean[i] * unbias1 / (root + least) + pull * weights[i];
        length += (double) weights[i] * weights[i];
        stride += (double) step * step;
      }
      return length > 0 && stride > 0 ? Math.sqrt(length / stride) : 1;
    }

    private void move(
        float[] weights,
        float[] mean,
        float[] square,
        float unbias1,
        float unbias2,
        float pull,
        float rate) {
      float least = (float) settings.epsilon();
      for (int i = 0; i < weights.length; i++) {
        float root = (float) Math.sqrt(square[i] * unbias2);
        float step = mean[i] * unbias1 / (root + least) + pull * weights[i];
        weights[i] -= rate * step;
      }
    }
  }
}
