package org.trainyard.training.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.LayerSpec.Activation;
import org.trainyard.training.model.ModelSpec;

@DisplayName("A network of Deeplearning4j's own layers")
class StockNetworksTest {
  @Nested
  class GivesTheSameOutputs {
    @Test
    void forSequences() {
      agree(Examples.LANGUAGE_MODEL, Examples.sequences(6, 6, 6, 6));
    }

    @Test
    void forTexts() {
      agree(Examples.CLASSIFIER, Examples.labelled(9, 9, 9));
    }

    @Test
    void forTextsThatArePaddedUnderOneConvolution() {
      ModelSpec single =
          Examples.tokens(
              new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 4),
              new LayerSpec.Convolution1d("convolution", 5, 3, Activation.TANH),
              new LayerSpec.PoolOverTime("pool", true),
              new LayerSpec.Classes("classes", Examples.CLASSES));
      agree(single, Examples.labelled(9, 9, 4, 2));
    }

    @Test
    void forImages() {
      agree(Examples.CNN, Examples.values(3, 2, 8, 9));
    }

    @Test
    void forFeatures() {
      agree(Examples.MLP, Examples.values(3, 6));
    }

    private void agree(ModelSpec model, Batch batch) {
      try (Replica replica = Examples.open(model, 1)) {
        Parameters parameters = Examples.lively(replica, 4);
        replica.load(parameters);
        float[] ours =
            ReplicaTest.floats(replica.forward(batch, Mode.EVALUATE).outputs().get(Pass.OUTPUT));
        MultiLayerNetwork network = StockNetworks.of(model, parameters);
        INDArray theirs = network.output(input(batch), false, mask(batch), null);
        if (theirs.rank() == 3) {
          theirs = theirs.permute(0, 2, 1);
        }
        assertThat(theirs.dup('c').data().asFloat()).containsExactly(ours, within(1e-5f));
      }
    }
  }

  @Test
  void givesTheSameLossAndTheSameGradientOnceItsMeanIsUndone() {
    Batch batch = Examples.sequences(7, 7, 3, 5);
    try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
      Parameters parameters = Examples.lively(replica, 4);
      replica.load(parameters);
      Parameters gradient = Parameters.zeros(replica.layout());
      GradientSum sum = replica.lossAndGradient(batch, Mode.EVALUATE, gradient);
      MultiLayerNetwork network = StockNetworks.of(Examples.LANGUAGE_MODEL, parameters);
      network.setInput(input(batch));
      network.setLabels(oneHot(batch));
      network.setLayerMaskArrays(mask(batch), mask(batch));
      network.computeGradientAndScore();
      assertThat(network.score() * batch.size()).isCloseTo(sum.loss(), within(1e-4));
      assertThat(network.getGradientsViewArray().norm2Number().doubleValue())
          .isCloseTo(gradient.norm(), within(1e-5 * gradient.norm()));
      INDArray recurrent = network.gradient().getGradientFor("1_RW");
      float[] ours = gradient.slice(2);
      // Row 0 of the input gate here is its column 0 of the last block there.
      assertThat(recurrent.getFloat(3, 3 * 5)).isCloseTo(ours[3], within(1e-5f));
    }
  }

  private static INDArray input(Batch batch) {
    Tensor input = batch.tensor(Batch.INPUT);
    long[] form = Arrays.stream(input.shape()).asLongStream().toArray();
    if (input.type() == Tensor.Type.FLOAT32) {
      return Nd4j.create(ReplicaTest.floats(input), form, 'c');
    }
    float[] ids = new float[input.elements()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.max(0, input.ints().get(i));
    }
    return Nd4j.create(ids, new long[] {form[0], 1, form[1]}, 'c');
  }

  private static INDArray mask(Batch batch) {
    if (!batch.has(Batch.MASK)) {
      return null;
    }
    Tensor mask = batch.tensor(Batch.MASK);
    INDArray array = Nd4j.zeros(DataType.FLOAT, mask.shape()[0], mask.shape()[1]);
    for (int i = 0; i < mask.elements(); i++) {
      array.putScalar(i / mask.shape()[1], i % mask.shape()[1], mask.bytes()[i]);
    }
    return array;
  }

  private static INDArray oneHot(Batch batch) {
    Tensor target = batch.tensor(Batch.TARGET);
    int steps = target.shape()[1];
    INDArray array = Nd4j.zeros(DataType.FLOAT, target.shape()[0], Examples.VOCABULARY, steps);
    for (int i = 0; i < target.elements(); i++) {
      int id = target.ints().get(i);
      if (batch.tensor(Batch.MASK).bytes()[i] == 1) {
        array.putScalar(new int[] {i / steps, id, i % steps}, 1);
      }
    }
    return array;
  }
}
