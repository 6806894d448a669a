package org.trainyard.training.dl4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.engine.Slice;

/**
 * A layer of a Deeplearning4j network whose arithmetic is a {@link Kernel}. Sequences are {@code
 * [n, width, t]} to the network, as is its custom, and {@code [n, t, width]} in memory.
 */
class HostedLayer extends AbstractLayer<HostedConf> implements AutoCloseable {
  private static final long serialVersionUID = 1;
  private final transient Kernel kernel;
  private final transient Scratch outMemory = new Scratch();
  private final transient Scratch gradientMemory = new Scratch();
  private final transient Map<String, INDArray> parameters = new LinkedHashMap<>();
  private final transient Map<String, INDArray> gradients = new LinkedHashMap<>();
  private transient INDArray parametersView;
  private transient INDArray gradientsView;
  private transient Frame frame = new Frame();
  private transient Views views;
  private transient Matrix in;
  private transient Matrix out;

  HostedLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
    this.kernel = Kernels.of(layerConf().step());
    this.views = new Views(frame);
  }

  /** Shares the frame of the network's passes. */
  void attach(Frame shared) {
    this.frame = shared;
    this.views = new Views(shared);
  }

  Kernel kernel() {
    return kernel;
  }

  Frame frame() {
    return frame;
  }

  /** What came in, as a matrix. */
  Matrix inputMatrix(LayerWorkspaceMgr workspaces) {
    return views.matrix(input, layerConf().step().in(), workspaces, ArrayType.INPUT);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    in = inputMatrix(workspaces);
    Shape shape = layerConf().step().out();
    INDArray array = views.create(shape, workspaces, ArrayType.ACTIVATIONS, outMemory);
    out = views.matrix(array, shape, workspaces, ArrayType.ACTIVATIONS);
    kernel.forward(frame, in, out);
    return array;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    Matrix outGradient =
        views.matrix(epsilon, layerConf().step().out(), workspaces, ArrayType.ACTIVATION_GRAD);
    Optional<INDArray> wanted = inputGradient(workspaces);
    kernel.backward(
        frame, in, out, outGradient, wanted.map(array -> gradientMatrix(array, workspaces)));
    return new Pair<>(gradient(), wanted.orElse(null));
  }

  /** Room for the derivative by what came in, if anybody wants it. */
  final Optional<INDArray> inputGradient(LayerWorkspaceMgr workspaces) {
    Shape shape = layerConf().step().in();
    boolean wanted = index > 0 || frame.inputGradient();
    return wanted && !(shape instanceof Shape.Ids)
        ? Optional.of(views.create(shape, workspaces, ArrayType.ACTIVATION_GRAD, gradientMemory))
        : Optional.empty();
  }

  final Matrix gradientMatrix(INDArray array, LayerWorkspaceMgr workspaces) {
    return views.matrix(array, layerConf().step().in(), workspaces, ArrayType.ACTIVATION_GRAD);
  }

  @Override
  public Gradient gradient() {
    Gradient gradient = new DefaultGradient(gradientsView);
    gradients.forEach(gradient::setGradientFor);
    return gradient;
  }

  @Override
  public TrainingConfig getConfig() {
    return layerConf();
  }

  @Override
  public long numParams() {
    return parametersView == null ? 0 : parametersView.length();
  }

  @Override
  public INDArray params() {
    return parametersView;
  }

  @Override
  public INDArray getParam(String name) {
    return parameters.get(name);
  }

  @Override
  public void setParam(String name, INDArray value) {
    parameters.get(name).assign(value);
  }

  @Override
  public void setParams(INDArray values) {
    if (values != null) {
      parametersView.assign(values.reshape(parametersView.shape()));
    }
  }

  @Override
  public Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameters;
  }

  @Override
  public void setParamTable(Map<String, INDArray> table) {
    parameters.clear();
    parameters.putAll(table);
  }

  @Override
  public void setParamsViewArray(INDArray view) {
    parametersView = view;
  }

  @Override
  public INDArray getGradientsViewArray() {
    return gradientsView;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    gradientsView = view;
    gradients.clear();
    gradients.putAll(layerConf().initializer().getGradientsFromFlattened(conf, view));
    kernel.bind(matrices(parameters), matrices(gradients));
  }

  private List<Matrix> matrices(Map<String, INDArray> table) {
    List<Matrix> matrices = new ArrayList<>();
    for (Slice slice : layerConf().slices()) {
      int rows = slice.shape()[0];
      INDArray array = table.get(HostedParameters.key(slice));
      matrices.add(Matrix.of(array, rows, slice.length() / rows));
    }
    return matrices;
  }

  @Override
  public boolean updaterDivideByMinibatch(String name) {
    return true;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // There is no weight noise.
  }

  @Override
  public void close() {
    kernel.close();
    outMemory.close();
    gradientMemory.close();
  }
}
