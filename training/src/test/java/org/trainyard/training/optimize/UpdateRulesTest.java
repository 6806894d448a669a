package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Technique;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.engine.Slice;

@DisplayName("Update rules")
class UpdateRulesTest {
  private static final int STEPS = 100;
  private static final int WIDTH = 37;
  private static final Slice WEIGHT = slice(Slice.Kind.WEIGHT);
  private static final Slice BIAS = slice(Slice.Kind.BIAS);

  @Nested
  class FollowTheirFormulaInDoublePrecision {
    @Test
    void sgd() {
      follows(rule("sgd: {learning-rate: 0.05}"), WEIGHT, (s, g, t) -> s[0] -= 0.05 * g);
    }

    @Test
    void momentum() {
      follows(
          rule("momentum: {learning-rate: 0.05, momentum: 0.9}"),
          WEIGHT,
          (s, g, t) -> {
            s[1] = 0.9 * s[1] + g;
            s[0] -= 0.05 * s[1];
          });
    }

    @Test
    void nesterovMomentum() {
      follows(
          rule("momentum: {learning-rate: 0.05, momentum: 0.9, nesterov: true}"),
          WEIGHT,
          (s, g, t) -> {
            s[1] = 0.9 * s[1] + g;
            s[0] -= 0.05 * (g + 0.9 * s[1]);
          });
    }

    @Test
    void weightDecayInTheGradient() {
      for (Slice slice : List.of(WEIGHT, BIAS)) {
        double decay = slice.decayed() ? 0.01 : 0;
        follows(
            rule("sgd: {learning-rate: 0.05, weight-decay: 0.01}"),
            slice,
            (s, g, t) -> s[0] -= 0.05 * (g + decay * s[0]));
        follows(
            rule("momentum: {learning-rate: 0.05, nesterov: true, weight-decay: 0.01}"),
            slice,
            (s, g, t) -> {
              double slope = g + decay * s[0];
              s[1] = 0.9 * s[1] + slope;
              s[0] -= 0.05 * (slope + 0.9 * s[1]);
            });
      }
    }

    @Test
    void rmsprop() {
      for (Slice slice : List.of(WEIGHT, BIAS)) {
        double decay = slice.decayed() ? 0.1 : 0;
        follows(
            rule("rmsprop: {learning-rate: 0.01, weight-decay: 0.1}"),
            slice,
            (s, g, t) -> {
              s[1] = 0.99 * s[1] + 0.01 * g * g;
              s[0] -= 0.01 * (decay * s[0] + g / (Math.sqrt(s[1]) + 1e-8));
            });
      }
    }

    @Test
    void lars() {
      String settings = "lars: {learning-rate: 2, trust: 0.01, weight-decay: 0.1}";
      for (Slice slice : List.of(WEIGHT, BIAS)) {
        followsAsAWhole(
            rule(settings),
            slice,
            (s, g, t) -> {
              double length = length(s, 0);
              double slope = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
              double decay = slice.decayed() ? 0.1 : 0;
              double local = slice.decayed() ? 0.01 * length / (slope + 0.1 * length) : 1;
              for (int i = 0; i < g.length; i++) {
                s[i][1] = 0.9 * s[i][1] + 2 * local * (g[i] + decay * s[i][0]);
                s[i][0] -= s[i][1];
              }
            });
      }
    }

    @Test
    void lamb() {
      for (Slice slice : List.of(WEIGHT, BIAS)) {
        followsAsAWhole(
            rule("lamb: {learning-rate: 0.01, weight-decay: 0.1}"),
            slice,
            (s, g, t) -> {
              for (int i = 0; i < g.length; i++) {
                s[i][1] = 0.9 * s[i][1] + 0.1 * g[i];
                s[i][2] = 0.999 * s[i][2] + 0.001 * g[i] * g[i];
                double mean = s[i][1] / (1 - Math.pow(0.9, t));
                double square = s[i][2] / (1 - Math.pow(0.999, t));
                double pull = slice.decayed() ? 0.1 * s[i][0] : 0;
                s[i][3] = mean / (Math.sqrt(square) + 1e-6) + pull;
              }
              double trust = slice.decayed() ? length(s, 0) / length(s, 3) : 1;
              for (double[] weight : s) {
                weight[0] -= 0.01 * trust * weight[3];
              }
            });
      }
    }

    @Test
    void adam() {
      follows(rule("adam: {learning-rate: 0.01}"), WEIGHT, (s, g, t) -> adamStep(s, g, t, 0));
    }

    @Test
    void adamwOnWeights() {
      follows(
          rule("adamw: {learning-rate: 0.01, weight-decay: 0.1}"),
          WEIGHT,
          (s, g, t) -> adamStep(s, g, t, 0.1));
    }

    @Test
    void adamwOnBiasesWithoutDecay() {
      follows(
          rule("adamw: {learning-rate: 0.01, weight-decay: 0.1}"),
          BIAS,
          (s, g, t) -> adamStep(s, g, t, 0));
    }
  }

  @Nested
  class StepByStep {
    @Test
    void lionMovesByTheSignOfItsDirection() {
      UpdateRule lion = rule("lion: {learning-rate: 0.01, weight-decay: 0.5}");
      SplittableRandom random = new SplittableRandom(3);
      for (Slice slice : List.of(WEIGHT, BIAS)) {
        double decay = slice.decayed() ? 0.5 : 0;
        float[] weights = floats(random, 1);
        float[][] state = new float[1][WIDTH];
        for (long step = 1; step <= STEPS; step++) {
          float[] gradient = floats(random, 0.1);
          gradient[0] = 0; // And so its mean: no direction at all.
          float[] before = weights.clone();
          float[] mean = state[0].clone();
          lion.update(slice, weights, gradient, state, step, 0.01);
          for (int i = 0; i < WIDTH; i++) {
            double sign = Math.signum(0.9 * mean[i] + 0.1 * gradient[i]);
            double expected = before[i] - 0.01 * (sign + decay * before[i]);
            assertThat((double) weights[i]).isCloseTo(expected, within(1e-6));
            double kept = 0.99 * mean[i] + 0.01 * gradient[i];
            assertThat((double) state[0][i]).isCloseTo(kept, within(1e-8));
          }
        }
      }
    }

    @Test
    void lionTakesTheWholeStepHoweverSmallTheGradient() {
      float[] weights = new float[3];
      rule("lion: {}")
          .update(WEIGHT, weights, new float[] {1e-28f, -1e30f, 0}, new float[1][3], 1, 0.01);
      assertThat(weights).containsExactly(-0.01f, 0.01f, 0);
    }
  }

  @Nested
  class ByLayer {
    @ParameterizedTest
    @ValueSource(strings = {"lars: {weight-decay: 0}", "lamb: {weight-decay: 0}"})
    void theStepIsInProportionToTheWeightsWhateverTheSizeOfTheGradient(String settings) {
      UpdateRule rule = rule(settings);
      float[] small = {3, 4};
      float[] large = {30, 40};
      rule.update(WEIGHT, small, new float[] {0.1f, 0}, new float[2][2], 1, 0.01);
      rule.update(WEIGHT, large, new float[] {1000, 0}, new float[2][2], 1, 0.01);
      assertThat(small[0]).isLessThan(3);
      assertThat((double) large[0]).isCloseTo(10 * small[0], within(1e-4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lars: {}", "lamb: {}"})
    void weightsOfZeroTakeThePlainRate(String settings) {
      float[] weights = {0, 0};
      rule(settings).update(WEIGHT, weights, new float[] {1, -1}, new float[2][2], 1, 0.01);
      assertThat((double) weights[0]).isCloseTo(-0.01, within(1e-6));
    }

    @Test
    void nothingMovesWithoutAGradient() {
      for (String settings : List.of("lars: {weight-decay: 0}", "lamb: {weight-decay: 0}")) {
        float[] weights = {1, 2};
        rule(settings).update(WEIGHT, weights, new float[2], new float[2][2], 1, 0.01);
        assertThat(weights).containsExactly(1, 2);
      }
    }
  }

  @Test
  void adamsFirstStepIsTheRateWhateverTheSizeOfTheGradient() {
    float[] weights = {0, 0, 0};
    float[][] state = new float[2][3];
    rule("adam: {learning-rate: 0.01}")
        .update(WEIGHT, weights, new float[] {1e-4f, -3, 1e3f}, state, 1, 0.01);
    assertThat(weights[0]).isCloseTo(-0.01f, within(2e-6f));
    assertThat(weights[1]).isCloseTo(0.01f, within(1e-8f));
    assertThat(weights[2]).isCloseTo(-0.01f, within(1e-8f));
  }

  private static void adamStep(double[] s, double g, long t, double decay) {
    double rate = 0.01;
    s[1] = 0.9 * s[1] + 0.1 * g;
    s[2] = 0.999 * s[2] + 0.001 * g * g;
    double mean = s[1] / (1 - Math.pow(0.9, t));
    double square = s[2] / (1 - Math.pow(0.999, t));
    s[0] -= rate * decay * s[0] + rate * mean / (Math.sqrt(square) + 1e-8);
  }

  /** One weight in double precision: [0] is the weight, the others are free for state. */
  private interface Reference {
    void step(double[] weightAndState, double gradient, long step);
  }

  /** All weights of a slice, each as in {@link Reference}. */
  private interface WholeReference {
    void step(double[][] weightsAndStates, double[] gradient, long step);
  }

  private static double length(double[][] s, int column) {
    return Math.sqrt(Arrays.stream(s).mapToDouble(row -> row[column] * row[column]).sum());
  }

  private static float[] floats(SplittableRandom random, double size) {
    float[] values = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i] = (float) (2 * size * (random.nextDouble() - 0.5));
    }
    return values;
  }

  private static void follows(UpdateRule rule, Slice slice, Reference reference) {
    followsAsAWhole(
        rule,
        slice,
        (s, g, t) -> {
          for (int i = 0; i < g.length; i++) {
            reference.step(s[i], g[i], t);
          }
        });
  }

  private static void followsAsAWhole(UpdateRule rule, Slice slice, WholeReference reference) {
    SplittableRandom random = new SplittableRandom(11);
    float[] weights = new float[WIDTH];
    double[][] expected = new double[WIDTH][4];
    for (int i = 0; i < WIDTH; i++) {
      weights[i] = (float) (1 + random.nextDouble());
      expected[i][0] = weights[i];
    }
    float[][] state = new float[rule.stateArrays()][WIDTH];
    float[] gradient = new float[WIDTH];
    double[] exact = new double[WIDTH];
    for (long step = 1; step <= STEPS; step++) {
      for (int i = 0; i < WIDTH; i++) {
        gradient[i] = (float) (0.1 * (random.nextDouble() - 0.5));
        exact[i] = gradient[i];
      }
      reference.step(expected, exact, step);
      rule.update(slice, weights, gradient, state, step, rule.learningRate());
    }
    for (int i = 0; i < WIDTH; i++) {
      assertThat((double) weights[i])
          .isCloseTo(expected[i][0], within(1e-5 * Math.abs(expected[i][0])));
    }
  }

  static UpdateRule rule(String yaml) {
    return made(UpdateRuleTechnique.class, yaml);
  }

  /** What a technique of a kind makes of a YAML block. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static <T> T made(Class<? extends Technique> kind, String yaml) {
    ObjectNode block = (ObjectNode) Yaml.parse(yaml);
    String name = block.fieldNames().next();
    Technique technique = (Technique) Techniques.of((Class) kind).named(name, name);
    return (T) Techniques.create(technique, (ObjectNode) block.get(name), name);
  }

  private static Slice slice(Slice.Kind kind) {
    return new Slice("layer.part", 0, new int[] {WIDTH}, kind, "layer");
  }
}
