package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Norms;

/** Adam with a rate for each layer, by the lengths of its weights and step. */
@Card(
    name = "lamb",
    what = "Adam, where each layer takes steps in proportion to the length of its weights.",
    how =
        "With Adam's step u = mean / (√square + epsilon) + decay * w, both means corrected for their start at 0: weight -= rate * |w| / |u| * u. Biases and norms take Adam's step, without decay. For large batches, with a warm-up, and a rate that grows with the root of the batch (rate-scaling: square-root).",
    avoid =
        "With small batches adamw is as good and a third cheaper. A layer whose weights start at 0 moves little after its first step.",
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
    /** What is in the cache from one loop to the next: 16 kB each of five arrays. */
    private static final int BLOCK = 4096;

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
      float[] block = new float[Math.min(BLOCK, weights.length)];
      double length = 0;
      double stride = 0;
      for (int from = 0; from < weights.length; from += BLOCK) {
        int count = Math.min(BLOCK, weights.length - from);
        average(gradient, state[0], state[1], from, count);
        if (slice.decayed()) {
          length += Norms.squares(weights, from, count);
          direction(weights, state[0], state[1], from, count, unbias1, unbias2, pull, block);
          stride += Norms.squares(block, 0, count);
        }
      }
      double trust = length > 0 && stride > 0 ? Math.sqrt(length / stride) : 1;
      for (int from = 0; from < weights.length; from += BLOCK) {
        int count = Math.min(BLOCK, weights.length - from);
        direction(weights, state[0], state[1], from, count, unbias1, unbias2, pull, block);
        move(weights, from, count, block, (float) (rate * trust));
      }
    }

    private void average(float[] gradient, float[] mean, float[] square, int from, int count) {
      float kept1 = (float) settings.beta1();
      float added1 = (float) (1 - settings.beta1());
      float kept2 = (float) settings.beta2();
      float added2 = (float) (1 - settings.beta2());
      for (int i = from; i < from + count; i++) {
        float slope = gradient[i];
        mean[i] = kept1 * mean[i] + added1 * slope;
        square[i] = kept2 * square[i] + added2 * (slope * slope);
      }
    }

    private void direction(
        float[] weights,
        float[] mean,
        float[] square,
        int from,
        int count,
        float unbias1,
        float unbias2,
        float pull,
        float[] into) {
      float least = (float) settings.epsilon();
      for (int i = 0; i < count; i++) {
        float root = (float) Math.sqrt(square[from + i] * unbias2);
        into[i] = mean[from + i] * unbias1 / (root + least) + pull * weights[from + i];
      }
    }

    private static void move(float[] weights, int from, int count, float[] direction, float rate) {
      for (int i = 0; i < count; i++) {
        weights[from + i] -= rate * direction[i];
      }
    }
  }
}
