package org.trainyard.training.dl4j;

import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/**
 * A trained model as a network of nothing but Deeplearning4j's own layers, for those who go on with
 * it there: {@code ModelSerializer.writeModel(StockNetworks.of(model, parameters), …)}.
 *
 * <p>One difference: Deeplearning4j's convolution over time does not zero its output at padding, so
 * that a second one on top of it sees what it should not. Give such a network texts of one length.
 *
 * <p>Tokens go in as {@code [n, 1, t]}, sequences are {@code [n, width, t]}, images {@code [n,
 * channels, height, width]}. The same parameters give the same outputs as the engine's own layers,
 * several times slower: {@code trainyard bench engine}.
 */
public final class StockNetworks {
  /**
   * Deeplearning4j's gates are candidate, forget, output, input; these are their places in ours.
   */
  private static final int[] GATES = {2, 1, 3, 0};

  private StockNetworks() {}

  /** Builds the network and copies the parameters into it. */
  public static MultiLayerNetwork of(ModelSpec model, Parameters parameters) {
    ModelPlan plan = ModelPlan.of(model);
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).updater(new NoOp()).list();
    plan.steps().forEach(step -> list.layer(layer(step)));
    MultiLayerConfiguration configuration = list.setInputType(input(model.input())).build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(Nd4j.zeros(DataType.FLOAT, 1, plan.layout().length()), false);
    List<Slice> slices = plan.layout().slices();
    for (int i = 0; i < slices.size(); i++) {
      load(network, plan, slices.get(i), parameters.slice(i));
    }
    return network;
  }

  private static InputType input(InputSpec input) {
    List<Integer> shape = input.shape();
    return switch (input.kind()) {
      case TOKENS -> InputType.recurrent(input.vocabulary(), RNNFormat.NCW);
      case FEATURES -> InputType.feedForward(shape.get(0));
      case IMAGE -> InputType.convolutional(shape.get(1), shape.get(2), shape.get(0));
    };
  }

  private static Layer layer(ModelPlan.Step step) {
    LayerSpec layer = step.layer();
    if (Networks.stock(layer)) {
      return Networks.stockLayer(step);
    }
    if (layer instanceof LayerSpec.Embedding embedding) {
      return new EmbeddingSequenceLayer.Builder()
          .name(layer.name())
          .nIn(embedding.vocabulary())
          .nOut(embedding.width())
          .hasBias(false)
          .inferInputLength(true)
          .outputDataFormat(RNNFormat.NCW)
          .build();
    }
    if (layer instanceof LayerSpec.Lstm lstm) {
      return new LSTM.Builder()
          .name(layer.name())
          .nIn(((Shape.Sequence) step.in()).width())
          .nOut(lstm.width())
          .activation(Activation.TANH)
          .gateActivationFunction(Activation.SIGMOID)
          .dataFormat(RNNFormat.NCW)
          .build();
    }
    if (layer instanceof LayerSpec.Convolution1d convolution) {
      return new Convolution1DLayer.Builder(convolution.kernel())
          .name(layer.name())
          .nIn(((Shape.Sequence) step.in()).width())
          .nOut(convolution.filters())
          .convolutionMode(ConvolutionMode.Same)
          .activation(Networks.activation(convolution.activation()))
          .rnnDataFormat(RNNFormat.NCW)
          .build();
    }
    if (layer instanceof LayerSpec.PoolOverTime pool) {
      return new GlobalPoolingLayer.Builder(pool.largest() ? PoolingType.MAX : PoolingType.AVG)
          .name(layer.name())
          .build();
    }
    return flat(step);
  }

  private static Layer flat(ModelPlan.Step step) {
    LayerSpec layer = step.layer();
    if (layer instanceof LayerSpec.Dense dense) {
      return new DenseLayer.Builder()
          .name(layer.name())
          .nOut(dense.width())
          .activation(Networks.activation(dense.activation()))
          .build();
    }
    if (layer instanceof LayerSpec.Dropout dropout) {
      return new DropoutLayer.Builder(1 - dropout.rate()).name(layer.name()).build();
    }
    if (layer instanceof LayerSpec.Classes classes) {
      return new OutputLayer.Builder(LossFunction.MCXENT)
          .name(layer.name())
          .nOut(classes.classes())
          .activation(Activation.SOFTMAX)
          .build();
    }
    if (layer instanceof LayerSpec.Tokens tokens) {
      return new RnnOutputLayer.Builder(LossFunction.MCXENT)
          .name(layer.name())
          .nIn(((Shape.Sequence) step.in()).width())
          .nOut(tokens.vocabulary())
          .activation(Activation.SOFTMAX)
          .dataFormat(RNNFormat.NCW)
          .build();
    }
    throw new IllegalStateException("Deeplearning4j has no layer for " + layer.kind());
  }

  private static void load(MultiLayerNetwork network, ModelPlan plan, Slice slice, float[] values) {
    int index = plan.index(slice);
    String key = HostedParameters.key(slice);
    boolean recurrent = plan.steps().get(index).layer() instanceof LayerSpec.Lstm;
    float[] ours = recurrent ? reordered(values) : values;
    INDArray matrix = Nd4j.createFromArray(ours).reshape('c', rows(slice), columns(slice));
    INDArray theirs = network.getLayer(index).getParam(name(key));
    switch (slice.shape().length) {
      case 1 -> theirs.assign(matrix.reshape(theirs.shape()));
      case 2 ->
          theirs.assign(
              plan.steps().get(index).layer() instanceof LayerSpec.Embedding
                  ? matrix
                  : matrix.transpose());
      case 3 -> theirs.assign(timeFirst(slice, matrix).reshape('c', theirs.shape()));
      default -> theirs.assign(matrix.reshape('c', theirs.shape()));
    }
  }

  /**
   * Filters of a convolution over time. Deeplearning4j 1.0.0-M2.1 says {@code [out, in, kernel]}
   * but reads the memory as {@code [kernel, in, out]}.
   */
  private static INDArray timeFirst(Slice slice, INDArray matrix) {
    int[] shape = slice.shape();
    return matrix.reshape('c', shape[0], shape[1], shape[2]).permute(1, 2, 0).dup('c');
  }

  private static String name(String key) {
    return switch (key) {
      case "bias" -> "b";
      case "recurrent-weight" -> "RW";
      default -> "W";
    };
  }

  private static int rows(Slice slice) {
    return slice.shape()[0];
  }

  private static int columns(Slice slice) {
    return slice.length() / slice.shape()[0];
  }

  private static float[] reordered(float[] values) {
    int block = values.length / 4;
    float[] result = new float[values.length];
    for (int gate = 0; gate < 4; gate++) {
      System.arraycopy(values, GATES[gate] * block, result, gate * block, block);
    }
    return result;
  }
}
