package org.trainyard.training.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.graph.kernel.Dense;
import org.trainyard.training.graph.kernel.Hop;

/** One pass over a neighbourhood. Outputs of a graph convolution have a row for each node met. */
final class GraphPass implements Pass {
  private final GraphLayers layers;
  private final List<Hop> hops;
  private final int nodes;
  private final float[][] x;
  private final float[][] y;
  private final float[] probabilities;

  GraphPass(GraphLayers layers, Batch batch) {
    this.layers = layers;
    this.hops = GraphFields.hops(batch, layers.convolutions());
    Tensor features = batch.tensor(GraphFields.FEATURES);
    this.nodes = features.examples();
    int depth = layers.convolutions();
    this.x = new float[depth + 1][];
    this.y = new float[depth][];
    for (int layer = 0; layer < depth; layer++) {
      int width = layers.in(layer);
      Hop hop = hops.get(layer);
      x[layer] = layer == 0 ? hop.mean(features.floats(), width) : hop.mean(y[layer - 1], width);
      layers.count(hop.multiplyAdds(width));
      y[layer] = layers.forward(layer, x[layer], hop.rows());
    }
    x[depth] = y[depth - 1];
    probabilities = layers.forward(depth, x[depth], rows());
    Dense.softmax(probabilities, rows(), layers.classes());
  }

  /** Nodes to classify. */
  int rows() {
    return hops.get(hops.size() - 1).rows();
  }

  /** Shape [rows, classes]; the array itself. */
  float[] probabilities() {
    return probabilities;
  }

  @Override
  public Map<String, Tensor> outputs() {
    Map<String, Tensor> outputs = new HashMap<>();
    for (int layer = 0; layer < y.length; layer++) {
      int[] shape = {hops.get(layer).rows(), layers.out(layer)};
      outputs.put(layers.name(layer), Tensor.ofFloats(layers.name(layer), shape, y[layer]));
    }
    int[] shape = {rows(), layers.classes()};
    Tensor output = Tensor.ofFloats(OUTPUT, shape, probabilities);
    outputs.put(layers.name(y.length), output);
    outputs.put(OUTPUT, output);
    return outputs;
  }

  @Override
  public Map<String, Tensor> backward(Map<String, Tensor> cotangents, Parameters gradient) {
    float[][] slopes = new float[y.length][];
    for (int layer = 0; layer < y.length; layer++) {
      slopes[layer] = new float[y[layer].length];
      add(cotangents, layers.name(layer), slopes[layer]);
    }
    float[] byProbability = new float[probabilities.length];
    add(cotangents, layers.name(y.length), byProbability);
    add(cotangents, OUTPUT, byProbability);
    float[] features = backward(throughSoftmax(byProbability), slopes, gradient, true);
    int[] shape = {nodes, layers.in(0)};
    return Map.of(GraphFields.FEATURES, Tensor.ofFloats(GraphFields.FEATURES, shape, features));
  }

  private static void add(Map<String, Tensor> cotangents, String name, float[] into) {
    if (cotangents.containsKey(name)) {
      float[] values = new float[into.length];
      cotangents.get(name).floats().get(values);
      for (int at = 0; at < into.length; at++) {
        into[at] += values[at];
      }
    }
  }

  private float[] throughSoftmax(float[] slopes) {
    int classes = layers.classes();
    float[] logits = new float[slopes.length];
    for (int from = 0; from < slopes.length; from += classes) {
      double mean = 0;
      for (int at = from; at < from + classes; at++) {
        mean += (double) slopes[at] * probabilities[at];
      }
      for (int at = from; at < from + classes; at++) {
        logits[at] = (float) (probabilities[at] * (slopes[at] - mean));
      }
    }
    return logits;
  }

  /** From derivatives by the logits alone. */
  void backward(float[] logits, Parameters gradient) {
    float[][] none = new float[y.length][];
    backward(logits, none, gradient, false);
  }

  /**
   * Back through all layers.
   *
   * @param logits derivatives by the logits
   * @param more derivatives that come in at a layer's outputs beside those from above; may be
   *     missing
   * @param toFeatures whether the derivatives by the features are wanted
   * @return those, or nothing
   */
  private float[] backward(
      float[] logits, float[][] more, Parameters gradient, boolean toFeatures) {
    int depth = layers.convolutions();
    layers.gradient(depth, x[depth], logits, rows(), gradient);
    float[] slopes = layers.back(depth, logits, rows());
    for (int layer = depth - 1; layer >= 0; layer--) {
      for (int at = 0; more[layer] != null && at < slopes.length; at++) {
        slopes[at] += more[layer][at];
      }
      Hop hop = hops.get(layer);
      layers.throughActivation(layer, y[layer], slopes);
      layers.gradient(layer, x[layer], slopes, hop.rows(), gradient);
      if (layer == 0 && !toFeatures) {
        return new float[0];
      }
      int width = layers.in(layer);
      int inputs = layer == 0 ? nodes : hops.get(layer - 1).rows();
      slopes = hop.back(layers.back(layer, slopes, hop.rows()), width, inputs);
      layers.count(hop.multiplyAdds(width));
    }
    return slopes;
  }

  /** Largest class of a row. */
  int largest(int row) {
    int classes = layers.classes();
    int largest = 0;
    for (int at = 1; at < classes; at++) {
      if (probabilities[row * classes + at] > probabilities[row * classes + largest]) {
        largest = at;
      }
    }
    return largest;
  }

  static void clear(Parameters gradient) {
    for (int slice = 0; slice < gradient.count(); slice++) {
      Arrays.fill(gradient.slice(slice), 0);
    }
  }
}
