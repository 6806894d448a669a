package org.trainyard.training.dl4j;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Slice;

/** Deeplearning4j's description of a layer whose arithmetic is a {@link Kernel}. */
final class HostedConf extends Layer {
  private static final long serialVersionUID = 1;
  private final ModelPlan.Step step;
  private final HostedParameters parameters;

  /**
   * @param slices of this layer alone, in order
   */
  HostedConf(ModelPlan.Step step, List<Slice> slices) {
    this.step = step;
    this.parameters = new HostedParameters(slices);
    setLayerName(step.layer().name());
  }

  ModelPlan.Step step() {
    return step;
  }

  List<Slice> slices() {
    return parameters.slices();
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parametersView,
      boolean initialize,
      DataType type) {
    HostedLayer layer =
        step.layer().carriesLoss() ? new HostedOutput(conf, type) : new HostedLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parametersView);
    layer.setParamTable(parameters.init(conf, parametersView, initialize));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return parameters;
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    throw new UnsupportedOperationException("Shapes come from the model's plan");
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // Known from the model's plan.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    throw new UnsupportedOperationException("Shapes come from the model's plan");
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return List.of();
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  /** Update rules are the training loop's. */
  @Override
  public IUpdater getUpdaterByParam(String name) {
    return new NoOp();
  }

  @Override
  public GradientNormalization getGradientNormalization() {
    return GradientNormalization.None;
  }

  @Override
  public double getGradientNormalizationThreshold() {
    return 0;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    throw new UnsupportedOperationException("Not known beforehand");
  }
}
