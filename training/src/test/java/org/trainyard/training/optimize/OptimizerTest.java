package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;
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
      double before = new Clipping(1).apply(LAYOUT, filled(1), gradient, 1);
      assertThat(before).isCloseTo(3 * Math.sqrt(7), within(1e-9));
      assertThat(Clipping.NONE.apply(LAYOUT, filled(1), gradient, 1)).isCloseTo(1, within(1e-6));
      assertThat(gradient.slice(1)).containsOnly(3f);
    }

    @Test
    void leavesAShortGradientAlone() {
      Parameters gradient = filled(0.1f);
      new Clipping(1).apply(LAYOUT, filled(1), gradient, 1);
      assertThat(gradient).isEqualTo(filled(0.1f));
    }

    @Test
    void isOffAtZero() {
      Parameters gradient = filled(100);
      Clipping.NONE.apply(LAYOUT, filled(1), gradient, 1);
      assertThat(gradient).isEqualTo(filled(100));
    }
  }

  @Nested
  class ClippingLayers {
    private final Slice rows = LAYOUT.slices().get(0);
    private final float[] weights = {3, 4, 0, 0};

    @Test
    void byNormLimitsEachSliceAlone() {
      LayerClipping clipping = layers("norm: {limit: 2}");
      float[] gradient = {3, 0, 4, 0};
      clipping.clip(rows, weights, gradient);
      assertThat(gradient).containsExactly(new float[] {1.2f, 0, 1.6f, 0}, within(1e-6f));
      float[] small = {1, 0, 1, 0};
      clipping.clip(rows, weights, small);
      assertThat(small).containsExactly(1, 0, 1, 0);
    }

    @Test
    void adaptivelyLimitsEachRowByTheLengthOfItsWeights() {
      float[] gradient = {0, 2, 0.003f, 0.004f};
      layers("adaptive: {ratio: 0.1}").clip(rows, weights, gradient);
      // Row 0: 0.1 · |(3, 4)|; row 1 is all zeros and counts as 0.001.
      assertThat(gradient).containsExactly(new float[] {0, 0.5f, 6e-5f, 8e-5f}, within(1e-9f));
    }

    @Test
    void adaptivelyTakesABiasAsAWhole() {
      float[] gradient = {3, 0, 4};
      layers("adaptive: {ratio: 0.5}")
          .clip(LAYOUT.slices().get(2), new float[] {2, 0, 0}, gradient);
      assertThat(gradient).containsExactly(new float[] {0.6f, 0, 0.8f}, within(1e-6f));
    }

    @Test
    void goesBeforeTheNormOfAllAndSparesRunningStatistics() {
      Clipping clipping = new Clipping(1.5, layers("norm: {limit: 2}"));
      Parameters gradient = filled(10);
      double before = clipping.apply(LAYOUT, filled(1), gradient, 1);
      assertThat(before).isCloseTo(10 * Math.sqrt(7), within(1e-9));
      // Two slices of norm 2 have norm √8 together, which becomes 1.5.
      assertThat((double) gradient.slice(0)[0]).isCloseTo(1.5 / Math.sqrt(8), within(1e-7));
      assertThat(gradient.slice(1)).containsOnly(10f);
    }

    private static LayerClipping layers(String yaml) {
      return UpdateRulesTest.made(LayerClippingTechnique.class, yaml);
    }
  }

  @Nested
  class RatesByName {
    @Test
    void areFactorsOnTheRateOfMatchingSlices() {
      UpdateRule rule = LayerRates.of(SGD, Map.of("*.bias", 0.5, "b.*", 0.1), LAYOUT);
      Parameters weights = filled(1);
      new Optimizer(LAYOUT, rule).step(weights, filled(1), List.of(), 1, 0.5);
      assertThat(weights.slice(0)).containsOnly(0.5f);
      assertThat(weights.slice(2))
          .containsExactly(new float[] {0.975f, 0.975f, 0.975f}, within(1e-6f));
    }

    @Test
    void freezeAtZero() {
      UpdateRule adam = UpdateRulesTest.rule("adamw: {}");
      Parameters weights = filled(1);
      Optimizer optimizer =
          new Optimizer(LAYOUT, LayerRates.of(adam, Map.of("a.weight", 0.0), LAYOUT));
      optimizer.step(weights, filled(1), optimizer.freshState(), 1, 0.5);
      assertThat(weights.slice(0)).containsOnly(1f);
      assertThat(weights.slice(2)[0]).isLessThan(1f);
    }

    @Test
    void refuseNamesThatAreNot() {
      assertThatThrownBy(() -> LayerRates.of(SGD, Map.of("c.*", 1.0), LAYOUT))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("rate-factors")
          .hasMessageContaining("a.weight");
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

  @Nested
  class ASharpnessAwareStep {
    private final StepRule rule =
        UpdateRulesTest.<StepForm>made(StepTechnique.class, "sharpness-aware: {radius: 0.7}")
            .around(new PlainStep(SGD, Clipping.NONE));

    @Test
    void takesTheGradientOfAPointUphill() {
      // Half the square of the weights: the gradient is the weights, uphill is outward.
      Parameters weights = filled(1);
      StepRule.Outcome outcome =
          step(
              weights,
              (at, into) -> {
                into.set(at).scale(2);
                return new GradientSum(at.slice(0)[0], 2, Collections.emptySortedMap(), true);
              });
      double uphill = 1 + 0.7 / Math.sqrt(7);
      assertThat((double) weights.slice(0)[3]).isCloseTo(1 - 0.5 * uphill, within(1e-6));
      assertThat((double) weights.slice(2)[0]).isCloseTo(1 - 0.5 * uphill, within(1e-6));
      assertThat(weights.slice(1)).containsOnly(1f);
      assertThat(outcome.sum().loss()).isEqualTo(1);
    }

    @Test
    void staysWhereThereIsNoSlope() {
      Parameters weights = filled(1);
      step(
          weights,
          (at, into) -> {
            into.set(filled(0));
            return new GradientSum(1, 1, Collections.emptySortedMap(), true);
          });
      assertThat(weights).isEqualTo(filled(1));
    }

    @Test
    void isNotTakenIfOnlyTheGradientUphillIsNotFinite() {
      Parameters weights = filled(1);
      StepRule.Outcome outcome =
          step(
              weights,
              (at, into) -> {
                into.set(filled(1));
                boolean here = at.slice(0)[0] == 1;
                return new GradientSum(1, 1, Collections.emptySortedMap(), here);
              });
      assertThat(outcome.taken()).isFalse();
      assertThat(weights).isEqualTo(filled(1));
    }

    private StepRule.Outcome step(Parameters weights, StepRule.Oracle oracle) {
      return rule.open(LAYOUT).step(weights, rule.freshState(LAYOUT), 1, 0.5, oracle);
    }
  }

  @Nested
  class AMaskedStep {
    private static final float[] SLOPES = {1, 3, 2, 4};

    /** 3 of 7 weights: the two largest slopes, and one of the equal ones of the bias. */
    private final StepRule rule =
        UpdateRulesTest.<StepForm>made(StepTechnique.class, "fisher-mask: {share: 0.43, steps: 2}")
            .around(
                new PlainStep(
                    UpdateRulesTest.rule("momentum: {weight-decay: 0.1}"), Clipping.NONE));

    @Test
    void trainsAllWeightsFirstAndThenTheOnesOfLargestGradients() {
      List<Parameters> state = rule.freshState(LAYOUT);
      Parameters weights = filled(1);
      StepRule.Stepper stepper = rule.open(LAYOUT);
      for (long step = 1; step <= 2; step++) {
        Parameters before = weights.copy();
        assertThat(stepper.step(weights, state, step, 0.01, this::slopes).taken()).isTrue();
        assertThat(changed(before, weights, 0)).containsExactly(true, true, true, true);
        assertThat(changed(before, weights, 2)).containsExactly(true, true, true);
      }
      for (long step = 3; step <= 5; step++) {
        Parameters before = weights.copy();
        stepper.step(weights, state, step, 0.01, this::slopes);
        // Nor do momentum and decay move the others.
        assertThat(changed(before, weights, 0)).containsExactly(false, true, false, true);
        assertThat(changed(before, weights, 2)).containsExactly(true, false, false);
        assertThat(weights.slice(1)).containsOnly(1f);
      }
    }

    @Test
    void alwaysTrainsWhatIsNamedWithinTheShare() {
      StepRule named =
          UpdateRulesTest.<StepForm>made(
                  StepTechnique.class, "fisher-mask: {share: 0.6, steps: 1, always: [b.bias]}")
              .around(new PlainStep(SGD, Clipping.NONE));
      List<Parameters> state = named.freshState(LAYOUT);
      Parameters weights = filled(1);
      StepRule.Stepper stepper = named.open(LAYOUT);
      stepper.step(weights, state, 1, 0.01, this::slopes);
      Parameters before = weights.copy();
      stepper.step(weights, state, 2, 0.01, this::slopes);
      assertThat(changed(before, weights, 0)).containsExactly(false, false, false, true);
      assertThat(changed(before, weights, 2)).containsExactly(true, true, true);
    }

    private GradientSum slopes(Parameters at, Parameters into) {
      into.set(filled(2.5f));
      System.arraycopy(SLOPES, 0, into.slice(0), 0, SLOPES.length);
      return new GradientSum(1, 1, Collections.emptySortedMap(), true);
    }

    private static boolean[] changed(Parameters before, Parameters after, int slice) {
      boolean[] changed = new boolean[before.slice(slice).length];
      for (int i = 0; i < changed.length; i++) {
        changed[i] = before.slice(slice)[i] != after.slice(slice)[i];
      }
      return changed;
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
