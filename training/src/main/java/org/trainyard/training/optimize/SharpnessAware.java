package org.trainyard.training.optimize;

import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Norms;

/** Steps with the gradient of a point uphill. */
@Card(
    name = "sharpness-aware",
    what = "Climbs along the gradient, and takes the step with the gradient found there.",
    how =
        "Looks for weights whose whole neighbourhood has a low loss. Raise the radius (0.05 to 0.5)"
            + " where labels are noisy or examples few.",
    avoid =
        "Computes every gradient twice; in mode synchronous a round goes to the executors twice."
            + " Gains little where every example is seen once.",
    papers = {
      "Sharpness-Aware Minimization for Efficiently Improving Generalization (arXiv 2010.01412)"
    })
public final class SharpnessAware implements StepTechnique<SharpnessAware.Config> {

  /** Settings of {@code sharpness-aware}. */
  public record Config(
      @Setting(help = "How far to climb, by Euclidean norm.", standard = "0.05", min = 0)
          double radius) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public StepForm create(Config settings) {
    double radius = settings.radius();
    return rule -> new Rule(rule, radius);
  }

  record Rule(StepRule rule, double radius) implements StepRule {
    @Override
    public double learningRate() {
      return rule.learningRate();
    }

    @Override
    public List<Parameters> freshState(Layout layout) {
      return rule.freshState(layout);
    }

    @Override
    public boolean averages() {
      return rule.averages();
    }

    @Override
    public Stepper open(Layout layout) {
      Stepper stepper = rule.open(layout);
      Parameters uphill = Parameters.zeros(layout);
      return (weights, state, step, rate, oracle) ->
          stepper.step(
              weights,
              state,
              step,
              rate,
              (at, gradient) -> sharp(layout, uphill, oracle, at, gradient));
    }

    /** Loss and weight at the weights themselves, gradient uphill. */
    private GradientSum sharp(
        Layout layout, Parameters uphill, Oracle oracle, Parameters at, Parameters gradient) {
      GradientSum here = oracle.at(at, gradient);
      double norm = here.finite() ? norm(layout, gradient) : 0;
      if (norm == 0) {
        return here;
      }
      uphill.set(at);
      for (int i = 0; i < at.count(); i++) {
        if (moves(layout, i)) {
          climb(uphill.slice(i), gradient.slice(i), (float) (radius / norm));
        }
      }
      GradientSum there = oracle.at(uphill, gradient);
      return new GradientSum(here.loss(), there.weight(), here.terms(), there.finite());
    }

    private static double norm(Layout layout, Parameters gradient) {
      double sum = 0;
      for (int i = 0; i < gradient.count(); i++) {
        float[] values = gradient.slice(i);
        sum += moves(layout, i) ? Norms.squares(values, 0, values.length) : 0;
      }
      return Math.sqrt(sum);
    }

    private static boolean moves(Layout layout, int slice) {
      return layout.slices().get(slice).kind() != Slice.Kind.RUNNING_STATISTIC;
    }

    private static void climb(float[] weights, float[] gradient, float factor) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] += factor * gradient[i];
      }
    }
  }
}
