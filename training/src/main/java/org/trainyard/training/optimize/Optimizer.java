package org.trainyard.training.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

/**
 * Applies an update rule to all slices of a layout. Holds no state of the run: that is handed in,
 * so that a round can be tried again from what was committed.
 *
 * <p>Running statistics and slices of frozen groups stay as they are.
 */
public final class Optimizer {
  private final Layout layout;
  private final UpdateRule rule;
  private final Set<String> trainableGroups;

  /** Trains all groups. */
  public Optimizer(Layout layout, UpdateRule rule) {
    this(layout, rule, Set.of());
  }

  /**
   * @param trainableGroups groups that are changed; empty for all
   */
  public Optimizer(Layout layout, UpdateRule rule, Set<String> trainableGroups) {
    this.layout = layout;
    this.rule = rule;
    this.trainableGroups = Set.copyOf(trainableGroups);
  }

  /** The state before the first step: one set of zeros for each of the rule's state arrays. */
  public List<Parameters> freshState() {
    List<Parameters> state = new ArrayList<>();
    for (int i = 0; i < rule.stateArrays(); i++) {
      int array = i;
      state.add(
          Parameters.of(
              layout.slices().stream()
                  .map(slice -> new float[rule.stateLength(slice, array)])
                  .toArray(float[][]::new)));
    }
    return List.copyOf(state);
  }

  /** Takes one step with all trainable groups. */
  public void step(
      Parameters weights, Parameters gradient, List<Parameters> state, long step, double rate) {
    step(weights, gradient, state, step, rate, Set.of());
  }

  /**
   * Takes one step. A slice that is left out keeps weights and state; the number of the step goes
   * on for all, so a rule that corrects its first steps by that number corrects them a little less
   * in a group that joins later.
   *
   * @param weights changed
   * @param gradient the weighted mean gradient; not changed
   * @param state as {@link #freshState} gave it, changed
   * @param step number of this step, from 1
   * @param rate learning rate of this step
   * @param groups the only groups that this step changes; empty for all
   */
  void step(
      Parameters weights,
      Parameters gradient,
      List<Parameters> state,
      long step,
      double rate,
      Set<String> groups) {
    float[][] arrays = new float[state.size()][];
    for (int i = 0; i < weights.count(); i++) {
      Slice slice = layout.slices().get(i);
      if (slice.kind() == Slice.Kind.RUNNING_STATISTIC
          || outside(trainableGroups, slice)
          || outside(groups, slice)) {
        continue;
      }
      for (int k = 0; k < arrays.length; k++) {
        arrays[k] = state.get(k).slice(i);
      }
      rule.update(slice, weights.slice(i), gradient.slice(i), arrays, step, rate);
    }
  }

  /** Adds a change to the running statistics alone, which no rule updates. */
  static void addToStatistics(Layout layout, Parameters parameters, Parameters change) {
    for (int i = 0; i < parameters.count(); i++) {
      if (layout.slices().get(i).kind() == Slice.Kind.RUNNING_STATISTIC) {
        Parameters.of(parameters.slice(i)).add(Parameters.of(change.slice(i)), 1);
      }
    }
  }

  private static boolean outside(Set<String> groups, Slice slice) {
    return !groups.isEmpty() && !groups.contains(slice.group());
  }
}
