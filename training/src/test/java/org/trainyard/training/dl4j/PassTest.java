package org.trainyard.training.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.ModelSpec;

@DisplayName("A forward pass")
class PassTest {
  @Nested
  class GivesOutputs {
    @Test
    void ofEveryLayerByName() {
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        Map<String, Tensor> outputs =
            replica.forward(Examples.sequences(7, 7, 1, 4), Mode.EVALUATE).outputs();
        assertThat(outputs.keySet())
            .containsExactly("embedding", "lstm-0", "lstm-1", "next", Pass.OUTPUT);
        assertThat(outputs.get("lstm-0").shape()).containsExactly(3, 7, 5);
        assertThat(outputs.get("next").shape()).containsExactly(3, 7, Examples.VOCABULARY);
      }
    }

    @Test
    void thatAreProbabilities() {
      try (Replica replica = Examples.open(Examples.CLASSIFIER, 1)) {
        Batch batch = Examples.labelled(9, 9, 1, 4);
        Tensor output = replica.forward(batch, Mode.EVALUATE).outputs().get(Pass.OUTPUT);
        double[] loss = replica.score(batch).loss();
        for (int i = 0; i < 3; i++) {
          double sum = 0;
          for (int j = 0; j < Examples.CLASSES; j++) {
            sum += output.floats().get(i * Examples.CLASSES + j);
          }
          assertThat(sum).isCloseTo(1, within(1e-6));
          int target = batch.tensor(Batch.TARGET).ints().get(i);
          assertThat(-Math.log(output.floats().get(i * Examples.CLASSES + target)))
              .isCloseTo(loss[i], within(1e-6));
        }
      }
    }

    @Test
    void ofImagesInChannelsFirst() {
      try (Replica replica = Examples.open(Examples.CNN, 1)) {
        Map<String, Tensor> outputs =
            replica.forward(Examples.values(2, 2, 8, 9), Mode.EVALUATE).outputs();
        assertThat(outputs.get("convolution-0").shape()).containsExactly(2, 3, 6, 7);
        assertThat(outputs.get("pool").shape()).containsExactly(2, 3, 3, 3);
      }
    }
  }

  @Nested
  class GoesBack {
    @Test
    void fromTheOutputToTheGradientOfTheLoss() {
      fromOutput(Examples.CLASSIFIER, Examples.labelled(9, 9, 1, 4));
      fromOutput(Examples.CNN, Examples.values(3, 2, 8, 9));
      fromOutput(Examples.MLP, Examples.values(3, 6));
    }

    /** The derivative of the cross-entropy by the probability of the target is -1/p. */
    private void fromOutput(ModelSpec model, Batch batch) {
      try (Replica replica = Examples.open(model, 1)) {
        Parameters expected = Parameters.zeros(replica.layout());
        replica.lossAndGradient(batch, Mode.EVALUATE, expected);
        Pass pass = replica.forward(batch, Mode.EVALUATE);
        Tensor output = pass.outputs().get(Pass.OUTPUT);
        float[] cotangent = new float[output.elements()];
        for (int i = 0; i < batch.size(); i++) {
          int at = i * Examples.CLASSES + batch.tensor(Batch.TARGET).ints().get(i);
          cotangent[at] = -1 / output.floats().get(at);
        }
        Parameters gradient = Parameters.zeros(replica.layout());
        pass.backward(
            Map.of(Pass.OUTPUT, Tensor.ofFloats(Pass.OUTPUT, output.shape(), cotangent)), gradient);
        assertThat(gradient.add(expected, -1).norm()).isCloseTo(0, within(1e-5));
      }
    }

    @Test
    void fromALayerInTheMiddleLeavingThoseAboveAtZero() {
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        Batch batch = Examples.sequences(3, 3, 2);
        Pass pass = replica.forward(batch, Mode.EVALUATE);
        float[] ones = new float[2 * 3 * 5];
        Arrays.fill(ones, 1);
        Parameters gradient = Parameters.zeros(replica.layout());
        Map<String, Tensor> inputs =
            pass.backward(
                Map.of("lstm-0", Tensor.ofFloats("lstm-0", new int[] {2, 3, 5}, ones)), gradient);
        assertThat(inputs).isEmpty();
        for (int i = 0; i < gradient.count(); i++) {
          boolean below = i < 4;
          assertThat(Parameters.of(gradient.slice(i)).norm() > 0).isEqualTo(below);
        }
      }
    }

    @Test
    void toTheInputs() {
      try (Replica replica = Examples.open(Examples.MLP, 1)) {
        Batch batch = Examples.values(1, 6);
        Pass pass = replica.forward(batch, Mode.EVALUATE);
        float[] first = {1, 0, 0};
        Tensor cotangent = Tensor.ofFloats(Pass.OUTPUT, new int[] {1, 3}, first);
        Tensor slope =
            pass.backward(Map.of(Pass.OUTPUT, cotangent), Parameters.zeros(replica.layout()))
                .get(Batch.INPUT);
        float[] values = ReplicaTest.floats(batch.tensor(Batch.INPUT));
        float step = 0.01f;
        values[2] += step;
        double above = probability(replica, values);
        values[2] -= 2 * step;
        double below = probability(replica, values);
        assertThat((double) slope.floats().get(2))
            .isCloseTo((above - below) / (2 * step), within(1e-4));
      }
    }

    private double probability(Replica replica, float[] values) {
      Batch batch =
          Batch.of(new long[] {0}, Tensor.ofFloats(Batch.INPUT, new int[] {1, 6}, values));
      return replica.forward(batch, Mode.EVALUATE).outputs().get(Pass.OUTPUT).floats().get(0);
    }

    @Test
    void butNotFromAnOutputThatIsNotThere() {
      try (Replica replica = Examples.open(Examples.MLP, 1)) {
        Pass pass = replica.forward(Examples.values(1, 6), Mode.EVALUATE);
        Tensor wrong = Tensor.ofFloats("dense-7", new int[] {1, 3}, new float[3]);
        assertThatThrownBy(
                () -> pass.backward(Map.of("dense-7", wrong), Parameters.zeros(replica.layout())))
            .hasMessageContaining("no output 'dense-7'");
      }
    }
  }

  @Test
  void leavesTrainingAsItWas() {
    try (Replica replica = Examples.open(Examples.CNN, 1)) {
      Batch batch = Examples.values(3, 2, 8, 9);
      Parameters before = Parameters.zeros(replica.layout());
      GradientSum first = replica.lossAndGradient(batch, Mode.train(1), before);
      replica.forward(Examples.values(2, 2, 8, 9), Mode.EVALUATE).outputs();
      Parameters after = Parameters.zeros(replica.layout());
      assertThat(replica.lossAndGradient(batch, Mode.train(1), after)).isEqualTo(first);
      assertThat(after).isEqualTo(before);
    }
  }
}
