package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;

/** Gradient descent, each weight by the size of its own gradients. */
@Card(
    name = "rmsprop",
    what = "Each weight has its own rate, from the running mean square of its gradient.",
    how =
        "square = kept * square + (1 - kept) * gradient²; weight -= rate * gradient / (√square +"
            + " epsilon). The mean square starts at 0 and is not corrected, so first steps are"
            + " longer than the rate.",
    avoid =
        "For most models adam, the same with a running mean of the gradient, is as easy to set.",
    papers = "Hinton 2012, Neural Networks for Machine Learning, lecture 6e")
public final class RmsProp implements UpdateRuleTechnique<RmsProp.Config> {

  /** Settings of {@code rmsprop}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.001", min = 0)
          double learningRate,
      @Setting(help = "Share of the mean square kept.", standard = "0.99", min = 0, max = 0.99999)
          double kept,
      @Setting(help = "Added to the root of the mean square.", standard = "1e-8", min = 1e-30)
          double epsilon,
      @Setting(
              help = "Share of a weight lost a step, times the rate; biases and norms lose none.",
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
        settings.learningRate(), settings.kept(), settings.epsilon(), settings.weightDecay());
  }

  record Rule(double learningRate, double kept, double epsilon, double decay)
      implements UpdateRule {
    @Override
    public int stateArrays() {
      return 1;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      move(weights, gradient, state[0], slice.decayed() ? (float) (rate * decay) : 0, (float) rate);
    }

    private void move(float[] weights, float[] gradient, float[] square, float shrink, float rate) {
      float old = (float) kept;
      float added = (float) (1 - kept);
      float least = (float) epsilon;
      for (int i = 0; i < weights.length; i++) {
        float slope = gradient[i];
        float second = old * square[i] + added * (slope * slope);
        square[i] = second;
        weights[i] -= shrink * weights[i] + rate * slope / ((float) Math.sqrt(second) + least);
      }
    }
  }
}
