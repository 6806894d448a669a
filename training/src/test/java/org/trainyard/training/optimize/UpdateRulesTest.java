package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.Yaml;
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

  private static void follows(UpdateRule rule, Slice slice, Reference reference) {
    SplittableRandom random = new SplittableRandom(11);
    float[] weights = new float[WIDTH];
    double[][] expected = new double[WIDTH][4];
    for (int i = 0; i < WIDTH; i++) {
      weights[i] = (float) (1 + random.nextDouble());
      expected[i][0] = weights[i];
    }
    float[][] state = new float[rule.stateArrays()][WIDTH];
    float[] gradient = new float[WIDTH];
    for (long step = 1; step <= STEPS; step++) {
      for (int i = 0; i < WIDTH; i++) {
        gradient[i] = (float) (0.1 * (random.nextDouble() - 0.5));
        reference.step(expected[i], gradient[i], step);
      }
      rule.update(slice, weights, gradient, state, step, rule.learningRate());
    }
    for (int i = 0; i < WIDTH; i++) {
      assertThat((double) weights[i])
          .isCloseTo(expected[i][0], within(1e-5 * Math.abs(expected[i][0])));
    }
  }

  static UpdateRule rule(String yaml) {
    ObjectNode block = (ObjectNode) Yaml.parse(yaml);
    String name = block.fieldNames().next();
    UpdateRuleTechnique<?> technique = Techniques.of(UpdateRuleTechnique.class).named(name, "rule");
    return Techniques.create(technique, (ObjectNode) block.get(name), "rule." + name);
  }

  private static Slice slice(Slice.Kind kind) {
    return new Slice("layer.part", 0, new int[] {WIDTH}, kind, "layer");
  }
}
