package org.trainyard.training.graph;

import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.graph.kernel.Dense;
import org.trainyard.training.model.LayerSpec;

/**
 * The layers of a graph network with their weights, and a count of what they compute. Layer l takes
 * means (the last one, the classes, takes the outputs before it) to outputs; layers are numbered
 * from 0, and {@link #convolutions} is the number of the classes.
 */
final class GraphLayers {
  private final ModelPlan plan;
  private final Layout layout;
  private final Parameters parameters;
  private long multiplyAdds;

  GraphLayers(ModelPlan plan, Parameters parameters) {
    this.plan = plan;
    this.layout = plan.layout();
    this.parameters = parameters;
  }

  Layout layout() {
    return layout;
  }

  Parameters parameters() {
    return parameters;
  }

  int convolutions() {
    return plan.steps().size() - 1;
  }

  int classes() {
    return out(convolutions());
  }

  /** Numbers that a node brings into a layer. */
  int in(int layer) {
    return ((Shape.Vector) plan.steps().get(layer).in()).width();
  }

  /** Numbers that a layer makes of a node. */
  int out(int layer) {
    return ((Shape.Vector) plan.steps().get(layer).out()).width();
  }

  String name(int layer) {
    return plan.steps().get(layer).layer().name();
  }

  /** Place of a layer's weights among the slices; its biases follow. */
  int slice(int layer) {
    return 2 * layer;
  }

  /** Outputs of a graph convolution, or the logits of the classes. */
  float[] forward(int layer, float[] x, int rows) {
    count((long) rows * in(layer) * out(layer));
    float[] y =
        Dense.forward(
            x, rows, in(layer), weight(layer), parameters.slice(slice(layer) + 1), out(layer));
    activate(layer, y);
    return y;
  }

  private float[] weight(int layer) {
    return parameters.slice(slice(layer));
  }

  private LayerSpec.Activation activation(int layer) {
    return plan.steps().get(layer).layer() instanceof LayerSpec.GraphConvolution convolution
        ? convolution.activation()
        : LayerSpec.Activation.IDENTITY;
  }

  private void activate(int layer, float[] y) {
    switch (activation(layer)) {
      case RELU -> {
        for (int at = 0; at < y.length; at++) {
          y[at] = Math.max(0, y[at]);
        }
      }
      case TANH -> {
        for (int at = 0; at < y.length; at++) {
          y[at] = (float) StrictMath.tanh(y[at]);
        }
      }
      case IDENTITY -> {
        // Stays as it is.
      }
    }
  }

  /**
   * Derivatives by what goes into the activation.
   *
   * @param y outputs, shape [rows, out]
   * @param slopes derivatives by the outputs; changed, shape [rows, out]
   */
  void throughActivation(int layer, float[] y, float[] slopes) {
    switch (activation(layer)) {
      case RELU -> {
        for (int at = 0; at < y.length; at++) {
          slopes[at] = y[at] > 0 ? slopes[at] : 0;
        }
      }
      case TANH -> {
        for (int at = 0; at < y.length; at++) {
          slopes[at] *= 1 - y[at] * y[at];
        }
      }
      case IDENTITY -> {
        // Stays as it is.
      }
    }
  }

  /** Overwrites a layer's gradient; {@code slopes} are those before the activation. */
  void gradient(int layer, float[] x, float[] slopes, int rows, Parameters gradient) {
    count((long) rows * in(layer) * out(layer));
    int slice = slice(layer);
    Dense.gradient(
        x, slopes, rows, in(layer), out(layer), gradient.slice(slice), gradient.slice(slice + 1));
  }

  /** Derivatives by what a layer takes in. */
  float[] back(int layer, float[] slopes, int rows) {
    count((long) rows * in(layer) * out(layer));
    return Dense.back(slopes, rows, in(layer), weight(layer), out(layer));
  }

  /**
   * From probabilities to the loss and its derivatives by the logits.
   *
   * @param probabilities become the derivatives, shape [rows, classes]
   * @param labels shape [rows]
   * @param weights of the rows, shape [rows]
   * @return the loss in nats, each row's times its weight
   */
  double lossSlopes(float[] probabilities, int[] labels, float[] weights) {
    int classes = classes();
    double loss = 0;
    for (int row = 0; row < labels.length; row++) {
      int from = row * classes;
      loss += weights[row] * Dense.loss(probabilities, from, labels[row]);
      probabilities[from + labels[row]] -= 1;
      for (int at = from; at < from + classes; at++) {
        probabilities[at] *= weights[row];
      }
    }
    return loss;
  }

  /** Counts multiplications with additions. */
  void count(long more) {
    multiplyAdds += more;
  }

  /** What was counted since it was last asked. */
  long counted() {
    long counted = multiplyAdds;
    multiplyAdds = 0;
    return counted;
  }
}
