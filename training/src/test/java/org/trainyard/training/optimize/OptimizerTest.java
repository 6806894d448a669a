package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

@DisplayName("Optimizer")
class OptimizerTest {
  private static final Layout LAYOUT =
      new Layout(
          List.of(
              new Slice("a.weight", 0, new int[] {2, 2}, Slice.Kind.WEIGHT, "a"),
              new Slice("a.mean", 4, new int[] {2}, Slice.Kind.RUNNING_STATISTIC, "a"),
              new Slice("b.bias", 6, new int[] {3}, Slice.Kind.BIAS, "b")));
  private static final UpdateRule SGD = UpdateRulesTest.rule("sgd: {learning-rate: 0.5}");

  @Nested
  class Updates {
    @Test
    void everySliceButRunningStatistics() {
      Parameters weights = filled(1);
      new Optimizer(LAYOUT, SGD).step(weights, filled(1), List.of(), 1, 0.5);
      assertThat(weights.slice(0)).containsOnly(0.5f);
      assertThat(weights.slice(1)).containsOnly(1f);
      assertThat(weights.slice(2)).containsOnly(0.5f);
    }

    @Test
    void onlyTrainableGroups() {
      Parameters weights = filled(1);
      new Optimizer(LAYOUT, SGD, Set.of("b")).step(weights, filled(1), List.of(), 1, 0.5);
      assertThat(weights.slice(0)).containsOnly(1f);
      assertThat(weights.slice(2)).containsOnly(0.5f);
    }

    @Test
    void withAStateForEachArrayOfTheRule() {
      Optimizer adam = new Optimizer(LAYOUT, UpdateRulesTest.rule("adam: {}"));
      List<Parameters> state = adam.freshState();
      adam.step(filled(1), filled(2), state, 1, 0.001);
      assertThat(state).hasSize(2);
      assertThat(state.get(0).slice(2)).containsOnly(0.2f);
      assertThat(state.get(0).slice(1)).containsOnly(0f);
    }
  }

  @Nested
  class TakingAStepOfSomeGroups {
    @Test
    void leavesWeightsAndStateOfTheOthersAsTheyAre() {
      StepRule rule = new PlainStep(UpdateRulesTest.rule("adam: {}"), Clipping.NONE);
      List<Parameters> state = rule.freshState(LAYOUT);
      StepRule.Stepper stepper = rule.open(LAYOUT);
      Parameters weights = filled(1);
      step(stepper, weights, state, Set.of());
      float[] before = weights.slice(0).clone();
      float[] mean = state.get(0).slice(0).clone();
      step(stepper, weights, state, Set.of("b"));
      assertThat(weights.slice(0)).isEqualTo(before);
      assertThat(state.get(0).slice(0)).isEqualTo(mean);
      assertThat(weights.slice(2)[0]).isLessThan(before[0]);
    }

    private static void step(
        StepRule.Stepper stepper, Parameters weights, List<Parameters> state, Set<String> groups) {
      stepper.step(
          weights,
          state,
          1,
          0.1,
          (at, gradient) -> {
            gradient.set(filled(2));
            return new GradientSum(1, 1, Collections.emptySortedMap(), true, groups, 0);
          });
    }
  }

  @Nested
  class ClippingANorm {
    @Test
    void shortensToTheLimit() {
      Parameters gradient = filled(3);
      double before = new Clipping(1).apply(LAYOUT, gradient, 1);
      assertThat(before).isCloseTo(3 * Math.sqrt(7), within(1e-9));
      assertThat(Clipping.NONE.apply(LAYOUT, gradient, 1)).isCloseTo(1, within(1e-6));
      assertThat(gradient.slice(1)).containsOnly(3f);
    }

    @Test
    void leavesAShortGradientAlone() {
      Parameters gradient = filled(0.1f);
      new Clipping(1).apply(LAYOUT, gradient, 1);
      assertThat(gradient).isEqualTo(filled(0.1f));
    }

    @Test
    void isOffAtZero() {
      Parameters gradient = filled(100);
      Clipping.NONE.apply(LAYOUT, gradient, 1);
      assertThat(gradient).isEqualTo(filled(100));
    }
  }

  @Nested
  class APlainStep {
    private final PlainStep plain = new PlainStep(SGD, Clipping.NONE);

    @Test
    void dividesTheSumByItsWeight() {
      Parameters weights = filled(1);
      StepRule.Outcome outcome = step(weights, sum(4, true), 2);
      assertThat(outcome.taken()).isTrue();
      assertThat(outcome.gradientNorm()).isCloseTo(0.5 * Math.sqrt(7), within(1e-7));
      assertThat(weights.slice(0)).containsOnly(0.75f);
    }

    @Test
    void isNotTakenOnAGradientThatIsNotFinite() {
      Parameters weights = filled(1);
      assertThat(step(weights, sum(4, false), Float.NaN).taken()).isFalse();
      assertThat(weights).isEqualTo(filled(1));
    }

    @Test
    void isNotTakenWithoutWeight() {
      Parameters weights = filled(1);
      assertThat(step(weights, GradientSum.NONE, 0).taken()).isFalse();
      assertThat(weights).isEqualTo(filled(1));
    }

    private StepRule.Outcome step(Parameters weights, GradientSum sum, float gradient) {
      return plain
          .open(LAYOUT)
          .step(
              weights,
              plain.freshState(LAYOUT),
              1,
              plain.learningRate(),
              (at, into) -> {
                into.set(filled(gradient));
                return sum;
              });
    }

    private GradientSum sum(double weight, boolean finite) {
      return new GradientSum(1, weight, Collections.emptySortedMap(), finite);
    }
  }

  private static Parameters filled(float value) {
    Parameters parameters = Parameters.zeros(LAYOUT);
    for (int i = 0; i < parameters.count(); i++) {
      Arrays.fill(parameters.slice(i), value);
    }
    return parameters;
  }
}
