package org.trainyard.training.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

@DisplayName("Update rules and Deeplearning4j's updaters")
class UpdaterParityTest {
  private static final int WIDTH = 50;

  @Test
  void agreeOnSgd() {
    agree("sgd: {learning-rate: 0.05}", new Sgd(0.05), 1e-6);
  }

  @Test
  void agreeOnNesterovMomentum() {
    agree(
        "momentum: {learning-rate: 0.05, momentum: 0.9, nesterov: true}",
        new Nesterovs(0.05, 0.9),
        1e-5);
  }

  @Test
  void agreeOnAdamButForWhereEpsilonStands() {
    agree("adam: {learning-rate: 0.01}", new Adam(0.01, 0.9, 0.999, 1e-8), 1e-5);
  }

  @Test
  void agreeOnRmsPropButForWhereEpsilonStands() {
    agree("rmsprop: {learning-rate: 0.001, kept: 0.95}", new RmsProp(0.001, 0.95, 1e-16), 1e-5);
  }

  @Test
  void differWhereTheyShould() {
    assertThat(drift("sgd: {learning-rate: 0.05}", new AdaGrad(0.05))).isGreaterThan(1e-3);
  }

  private static void agree(String yaml, IUpdater theirs, double tolerance) {
    assertThat(drift(yaml, theirs)).isCloseTo(0, within(tolerance));
  }

  /** Largest difference of a weight of size 1 to 2 after 50 steps. */
  private static double drift(String yaml, IUpdater configured) {
    ObjectNode block = (ObjectNode) Yaml.parse(yaml);
    String name = block.fieldNames().next();
    UpdateRuleTechnique<?> technique = Techniques.of(UpdateRuleTechnique.class).named(name, "rule");
    UpdateRule ours = Techniques.create(technique, (ObjectNode) block.get(name), name);
    Slice slice = new Slice("w", 0, new int[] {WIDTH}, Slice.Kind.WEIGHT, "w");
    float[][] state = new float[ours.stateArrays()][WIDTH];
    GradientUpdater<?> theirs = theirs(configured);
    SplittableRandom random = new SplittableRandom(5);
    float[] weights = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      weights[i] = (float) (1 + random.nextDouble());
    }
    INDArray expected = Nd4j.createFromArray(weights.clone()).reshape(1, WIDTH);
    for (int step = 1; step <= 50; step++) {
      float[] gradient = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        gradient[i] = (float) (0.1 * (random.nextDouble() - 0.5));
      }
      ours.update(slice, weights, gradient, state, step, ours.learningRate());
      INDArray update = Nd4j.createFromArray(gradient.clone()).reshape(1, WIDTH);
      theirs.applyUpdater(update, step - 1, 0);
      expected.subi(update);
    }
    return expected.sub(Nd4j.createFromArray(weights)).amaxNumber().doubleValue();
  }

  private static GradientUpdater<?> theirs(IUpdater configured) {
    long size = configured.stateSize(WIDTH);
    INDArray view = size == 0 ? null : Nd4j.zeros(DataType.FLOAT, 1, size);
    GradientUpdater<?> updater = configured.instantiate(view, true);
    if (view != null) {
      updater.setStateViewArray(view, new long[] {1, WIDTH}, 'c', true);
    }
    return updater;
  }
}
