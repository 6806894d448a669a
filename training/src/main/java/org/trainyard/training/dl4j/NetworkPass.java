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
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Shape;

/** A way forward through a network, layer by layer, and back from derivatives by any output. */
final class NetworkPass implements Pass {
  private final Layer[] layers;
  private final ModelPlan plan;
  private final Frame frame;
  private final FlatMemory memory;
  private final Workspaces workspaces;
  private final Mode mode;
  private final INDArray input;
  private final Map<String, Tensor> outputs;

  NetworkPass(
      MultiLayerNetwork network,
      ModelPlan plan,
      Frame frame,
      FlatMemory memory,
      Workspaces workspaces,
      INDArray input,
      Mode mode) {
    this.layers = network.getLayers();
    this.plan = plan;
    this.frame = frame;
    this.memory = memory;
    this.workspaces = workspaces;
    this.mode = mode;
    this.input = input;
    this.outputs = workspaces.within(arrays -> tensors(activate(arrays)));
  }

  private List<INDArray> activate(LayerWorkspaceMgr arrays) {
    List<INDArray> activations = new ArrayList<>();
    INDArray activation = input;
    for (Layer layer : layers) {
      activation = layer.activate(activation, mode.training(), arrays);
      activations.add(activation);
    }
    return activations;
  }

  private Map<String, Tensor> tensors(List<INDArray> activations) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < layers.length; i++) {
      String name = name(i);
      tensors.put(name, tensor(name, activations.get(i), plan.steps().get(i).out()));
    }
    Tensor last = tensors.get(name(layers.length - 1));
    tensors.put(OUTPUT, new Tensor(OUTPUT, last.type(), last.shape(), last.bytes()));
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public Map<String, Tensor> outputs() {
    return outputs;
  }

  @Override
  public Map<String, Tensor> backward(Map<String, Tensor> cotangents, Parameters gradient) {
    refuseUnknown(cotangents);
    frame.inputGradient(true);
    memory.clearGradient();
    Map<String, Tensor> inputs = workspaces.within(arrays -> back(cotangents, arrays));
    memory.storeGradient(gradient, mode.trainableGroups());
    return inputs;
  }

  private Map<String, Tensor> back(Map<String, Tensor> cotangents, LayerWorkspaceMgr arrays) {
    if (workspaces.needed()) {
      // What the way forward left is gone with its workspace.
      activate(arrays);
    }
    Optional<INDArray> epsilon = Optional.empty();
    for (int i = layers.length - 1; i >= 0; i--) {
      epsilon = sum(epsilon, cotangent(cotangents, i));
      if (epsilon.isPresent()) {
        epsilon =
            Optional.ofNullable(layers[i].backpropGradient(epsilon.get(), arrays).getSecond());
      }
    }
    return epsilon
        .map(array -> Map.of(Batch.INPUT, tensor(Batch.INPUT, array, plan.steps().get(0).in())))
        .orElse(Map.of());
  }

  private void refuseUnknown(Map<String, Tensor> cotangents) {
    for (String name : cotangents.keySet()) {
      if (!outputs.containsKey(name)) {
        throw new IllegalArgumentException(
            "There is no output '%s' to go back from, only %s".formatted(name, outputs.keySet()));
      }
    }
  }

  private Optional<INDArray> cotangent(Map<String, Tensor> cotangents, int i) {
    Optional<INDArray> named =
        Optional.ofNullable(cotangents.get(name(i))).map(tensor -> array(tensor, i));
    if (i < layers.length - 1) {
      return named;
    }
    return sum(named, Optional.ofNullable(cotangents.get(OUTPUT)).map(tensor -> array(tensor, i)));
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
    INDArray array = Nd4j.create(values, form, 'c');
    return plan.steps().get(i).out() instanceof Shape.Sequence ? array.permute(0, 2, 1) : array;
  }

  private static Tensor tensor(String name, INDArray array, Shape shape) {
    INDArray rows = shape instanceof Shape.Sequence ? array.permute(0, 2, 1) : array;
    INDArray plain = Views.contiguous(rows) ? rows : rows.dup('c');
    int[] form = Arrays.stream(plain.shape()).mapToInt(Math::toIntExact).toArray();
    byte[] bytes = Matrix.of(plain, 1, Math.toIntExact(plain.length())).bytes();
    return new Tensor(name, Tensor.Type.FLOAT32, form, bytes);
  }
}
