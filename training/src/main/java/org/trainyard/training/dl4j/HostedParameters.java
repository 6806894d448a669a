package org.trainyard.training.dl4j;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.trainyard.training.engine.Slice;

/** Cuts the flat parameters of a hosted layer into its slices: row-major, in the plan's order. */
final class HostedParameters implements ParamInitializer, Serializable {
  private static final long serialVersionUID = 1;
  private final ArrayList<Slice> slices;

  HostedParameters(List<Slice> slices) {
    this.slices = new ArrayList<>(slices);
  }

  List<Slice> slices() {
    return slices;
  }

  /** A slice's name without its layer's. */
  static String key(Slice slice) {
    return slice.name().substring(slice.group().length() + 1);
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return slices.stream().mapToLong(Slice::length).sum();
  }

  @Override
  public long numParams(Layer layer) {
    return slices.stream().mapToLong(Slice::length).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return slices.stream().map(HostedParameters::key).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return keys(Slice.Kind.WEIGHT);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return keys(Slice.Kind.BIAS);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return keys(Slice.Kind.WEIGHT).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return keys(Slice.Kind.BIAS).contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parametersView, boolean initialize) {
    Map<String, INDArray> table = views(parametersView);
    table.keySet().forEach(conf::addVariable);
    return table;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradientView) {
    return views(gradientView);
  }

  private Map<String, INDArray> views(INDArray flat) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    long from = 0;
    for (Slice slice : slices) {
      long[] shape = IntStream.of(slice.shape()).asLongStream().toArray();
      INDArray part =
          flat.reshape(flat.length()).get(NDArrayIndex.interval(from, from + slice.length()));
      views.put(key(slice), part.reshape('c', shape));
      from += slice.length();
    }
    return views;
  }

  private List<String> keys(Slice.Kind kind) {
    return slices.stream()
        .filter(slice -> slice.kind() == kind)
        .map(HostedParameters::key)
        .toList();
  }
}
