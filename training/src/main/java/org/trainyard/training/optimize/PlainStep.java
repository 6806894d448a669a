package org.trainyard.training.optimize;

import java.util.List;
import java.util.Set;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/**
 * One gradient, made a mean, clipped, and handed to an update rule.
 *
 * @param rule changes the weights
 * @param clipping shortens the mean gradient
 * @param trainableGroups groups that are changed; empty for all
 */
public record PlainStep(UpdateRule rule, Clipping clipping, Set<String> trainableGroups)
    implements StepRule {

  /** Keeps its own copy. */
  public PlainStep {
    trainableGroups = Set.copyOf(trainableGroups);
  }

  /** Changes all groups. */
  public PlainStep(UpdateRule rule, Clipping clipping) {
    this(rule, clipping, Set.of());
  }

  @Override
  public double learningRate() {
    return rule.learningRate();
  }

  @Override
  public List<Parameters> freshState(Layout layout) {
    return new Optimizer(layout, rule, trainableGroups).freshState();
  }

  @Override
  public boolean averages() {
    return rule.averages();
  }

  @Override
  public Stepper open(Layout layout) {
    Optimizer optimizer = new Optimizer(layout, rule, trainableGroups);
    Parameters gradient = Parameters.zeros(layout);
    return (weights, state, step, rate, oracle) -> {
      GradientSum sum = oracle.at(weights, gradient);
      if (!sum.finite() || sum.weight() <= 0) {
        return new Outcome(sum, 0, false);
      }
      double norm = clipping.apply(layout, weights, gradient, (float) (1 / sum.weight()));
      optimizer.step(weights, gradient, state, step, rate, sum.groups());
      return new Outcome(sum, norm, true);
    };
  }
}
