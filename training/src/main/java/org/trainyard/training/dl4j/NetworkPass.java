package org.trainyard.training.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Shape;

/**
 * A way forward through a network, layer by layer, and back from derivatives by any layer's output.
 */
final class NetworkPass implements Pass {
  private final Layer[] layers;
  private final ModelPlan plan;
  private final Frame frame;
  private final FlatMemory memory;
  private final Mode mode;
  private final List<INDArray> activations = new ArrayList<>();
  private final INDArray input;

  NetworkPass(
      MultiLayerNetwork network,
      ModelPlan plan,
      Frame frame,
      FlatMemory memory,
      INDArray input,
      Mode mode) {
    this.layers = network.getLayers();
    this.plan = plan;
    this.frame = frame;
    this.memory = memory;
    this.mode = mode;
    this.input = input;
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    INDArray activation = input;
    for (Layer layer : layers) {
      activation = layer.activate(activation, mode.training(), workspaces);
      activations.add(activation);
    }
  }

  @Override
  public Map<String, Tensor> outputs() {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (int i = 0; i < layers.length; i++) {
      String name = name(i);
      outputs.put(name, tensor(name, activations.get(i), plan.steps().get(i).out()));
    }
    outputs.put(
        OUTPUT,
        tensor(
            OUTPUT, activations.get(layers.length - 1), plan.steps().get(layers.length - 1).out()));
    return Collections.unmodifiableMap(outputs);
  }

  @Override
  public Map<String, Tensor> backward(Map<String, Tensor> cotangents, Parameters gradient) {
    refuseUnknown(cotangents);
    frame.inputGradient(true);
    memory.clearGradient();
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    Optional<INDArray> epsilon = Optional.empty();
    for (int i = layers.length - 1; i >= 0; i--) {
      epsilon = sum(epsilon, cotangent(cotangents, i));
      if (epsilon.isPresent()) {
        epsilon =
            Optional.ofNullable(layers[i].backpropGradient(epsilon.get(), workspaces).getSecond());
      }
    }
    memory.storeGradient(gradient, mode.trainableGroups());
    return epsilon
        .map(array -> Map.of(Batch.INPUT, tensor(Batch.INPUT, array, plan.steps().get(0).in())))
        .orElse(Map.of());
  }

  private void refuseUnknown(Map<String, Tensor> cotangents) {
    for (String name : cotangents.keySet()) {
      if (!name.equals(OUTPUT)
          && plan.steps().stream().noneMatch(s -> s.layer().name().equals(name))) {
        throw new IllegalArgumentException(
            "There is no output '%s' to go back from".formatted(name));
      }
    }
  }

  private Optional<INDArray> cotangent(Map<String, Tensor> cotangents, int i) {
    Optional<INDArray> named = Optional.ofNullable(cotangents.get(name(i))).map(t -> array(t, i));
    return i == layers.length - 1
        ? sum(named, Optional.ofNullable(cotangents.get(OUTPUT)).map(t -> array(t, i)))
        : named;
  }

  private static Optional<INDArray> sum(Optional<INDArray> a, Optional<INDArray> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isPresent() ? a : b;
    }
    return Optional.of(a.get().add(b.get()));
  }

  private String name(int i) {
    return plan.steps().get(i).layer().name();
  }

  private INDArray array(Tensor tensor, int i) {
    float[] values = new float[tensor.elements()];
    tensor.floats().get(values);
    long[] form = Arrays.stream(tensor.shape()).asLongStream().toArray();
    INDArray array = Nd4j.create(values, form, 'c').castTo(DataType.FLOAT);
    return plan.steps().get(i).out() instanceof Shape.Sequence ? array.permute(0, 2, 1) : array;
  }

  private Tensor tensor(String name, INDArray array, Shape shape) {
    INDArray plain = (shape instanceof Shape.Sequence ? array.permute(0, 2, 1) : array).dup('c');
    int length = Math.toIntExact(plain.length());
    float[] values = new float[length];
    Matrix.of(plain, 1, length).read(0, values, 0);
    int[] form = Arrays.stream(plain.shape()).mapToInt(Math::toIntExact).toArray();
    return Tensor.ofFloats(name, form, values);
  }
}
