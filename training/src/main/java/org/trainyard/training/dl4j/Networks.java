package org.trainyard.training.dl4j;

import java.util.List;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.model.LayerSpec;

/**
 * Builds Deeplearning4j networks. Image layers are Deeplearning4j's own; the others are hosted
 * kernels, because its own recurrent and output layers take several times as long.
 */
final class Networks {
  private Networks() {}

  /** A network with all parameters zero. */
  static MultiLayerNetwork build(ModelPlan plan) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)
            .updater(new NoOp())
            .list();
    for (ModelPlan.Step step : plan.steps()) {
      list.layer(layer(step, plan.layout().slices()));
    }
    MultiLayerConfiguration configuration = list.build();
    // Hosted layers keep memory of their own.
    WorkspaceMode mode = stock(plan) ? WorkspaceMode.ENABLED : WorkspaceMode.NONE;
    configuration.setTrainingWorkspaceMode(mode);
    configuration.setInferenceWorkspaceMode(mode);
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(Nd4j.zeros(DataType.FLOAT, 1, plan.layout().length()), false);
    network.initGradientsView();
    return network;
  }

  /** Whether any layer is Deeplearning4j's own. */
  static boolean stock(ModelPlan plan) {
    return plan.steps().stream().anyMatch(step -> stock(step.layer()));
  }

  /** Whether the layer is Deeplearning4j's own. */
  static boolean stock(LayerSpec layer) {
    return layer instanceof LayerSpec.Convolution2d || layer instanceof LayerSpec.MaxPool2d;
  }

  /** Deeplearning4j's name of a slice within its layer. */
  static String key(LayerSpec layer, Slice slice) {
    String key = HostedParameters.key(slice);
    if (!stock(layer)) {
      return key;
    }
    return key.equals("weight") ? "W" : "b";
  }

  private static Layer layer(ModelPlan.Step step, List<Slice> slices) {
    LayerSpec layer = step.layer();
    if (stock(layer)) {
      return stockLayer(step);
    }
    return new HostedConf(
        step, slices.stream().filter(slice -> slice.group().equals(layer.name())).toList());
  }

  /** Deeplearning4j's own layer. */
  static Layer stockLayer(ModelPlan.Step step) {
    LayerSpec layer = step.layer();
    if (layer instanceof LayerSpec.Convolution2d convolution) {
      return new ConvolutionLayer.Builder(convolution.kernel(), convolution.kernel())
          .name(layer.name())
          .nIn(((Shape.Image) step.in()).channels())
          .nOut(convolution.filters())
          .stride(1, 1)
          .convolutionMode(ConvolutionMode.Truncate)
          .activation(activation(convolution.activation()))
          .build();
    }
    if (layer instanceof LayerSpec.MaxPool2d pool) {
      return new SubsamplingLayer.Builder(PoolingType.MAX)
          .name(layer.name())
          .kernelSize(pool.size(), pool.size())
          .stride(pool.size(), pool.size())
          .convolutionMode(ConvolutionMode.Truncate)
          .build();
    }
    throw new IllegalStateException("No layer of Deeplearning4j's own for " + layer.kind());
  }

  /** Deeplearning4j's name of a function. */
  static Activation activation(LayerSpec.Activation function) {
    return switch (function) {
      case IDENTITY -> Activation.IDENTITY;
      case RELU -> Activation.RELU;
      case TANH -> Activation.TANH;
    };
  }
}
