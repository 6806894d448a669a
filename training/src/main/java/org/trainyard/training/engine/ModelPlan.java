package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.training.engine.Shape.Ids;
import org.trainyard.training.engine.Shape.Image;
import org.trainyard.training.engine.Shape.Sequence;
import org.trainyard.training.engine.Shape.Vector;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/**
 * What a model's description means for every engine: the shapes between its layers, the layout of
 * its parameters and their first values. An engine that follows it can take over another's
 * checkpoint.
 *
 * <p>Weights are {@code [out, …in]}, row-major:
 *
 * <ul>
 *   <li>Embedding: {@code weight [vocabulary, width]}
 *   <li>Lstm: {@code input-weight [4·width, in]}, {@code recurrent-weight [4·width, width]}, {@code
 *       bias [4·width]}; the four gates in the order input, forget, candidate, output
 *   <li>Convolution1d: {@code weight [filters, kernel, in]}, {@code bias [filters]}
 *   <li>Convolution2d: {@code weight [filters, in, kernel, kernel]}, {@code bias [filters]}
 *   <li>Dense, GraphConvolution, Classes, Tokens, Values: {@code weight [out, in]}, {@code bias
 *       [out]}; images are flattened as {@code [channels, height, width]}
 * </ul>
 */
public final class ModelPlan {
  private final List<Step> steps = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private long offset;

  /**
   * One layer in its place.
   *
   * @param layer its description
   * @param in what comes in
   * @param out what goes out
   */
  public record Step(LayerSpec layer, Shape in, Shape out) implements Serializable {}

  /**
   * One slice and how it starts.
   *
   * @param slice where it lies
   * @param first its first values
   */
  public record Part(Slice slice, First first) {}

  /** How a slice starts. */
  public sealed interface First {
    /** Uniform within ± bound. */
    record Uniform(double bound) implements First {}

    /** All zero, but {@code value} from {@code from} (inclusive) to {@code to} (exclusive). */
    record Constant(float value, int from, int to) implements First {}
  }

  private ModelPlan() {}

  /**
   * Plans a model.
   *
   * @throws ConfigException if its layers do not fit together
   */
  public static ModelPlan of(ModelSpec model) {
    ModelPlan plan = new ModelPlan();
    Shape shape = input(model.input());
    for (int i = 0; i < model.layers().size(); i++) {
      LayerSpec layer = model.layers().get(i);
      if (layer.carriesLoss() != (i == model.layers().size() - 1)) {
        throw new ConfigException(
            "model",
            "the last layer, and only that, must be Classes, Tokens or Values; layer %d is %s '%s'"
                .formatted(i, layer.kind(), layer.name()));
      }
      Shape out = plan.add(layer, shape);
      plan.steps.add(new Step(layer, shape, out));
      shape = out;
    }
    return plan;
  }

  /** All layers in order. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** All slices in order, with their first values. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  /** Place of the layer that a slice belongs to. */
  public int index(Slice slice) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).layer().name().equals(slice.group())) {
        return i;
      }
    }
    throw new IllegalArgumentException("No layer of slice " + slice.name());
  }

  /** All slices in order. */
  public Layout layout() {
    return new Layout(parts.stream().map(Part::slice).toList());
  }

  /** The parameters before the first step: the same bits for the same seed, on every machine. */
  public Parameters firstParameters(long seed) {
    return FirstParameters.draw(parts, seed);
  }

  private static Shape input(InputSpec input) {
    List<Integer> shape = input.shape();
    return switch (input.kind()) {
      case TOKENS -> new Ids(input.vocabulary());
      case FEATURES -> new Vector(shape.get(0));
      case IMAGE -> new Image(shape.get(0), shape.get(1), shape.get(2));
    };
  }

  private Shape add(LayerSpec layer, Shape in) {
    return switch (layer.kind()) {
      case "Embedding" -> embedding((LayerSpec.Embedding) layer, in);
      case "Lstm" -> lstm((LayerSpec.Lstm) layer, in);
      case "Convolution1d" -> convolution((LayerSpec.Convolution1d) layer, in);
      case "Convolution2d" -> convolution((LayerSpec.Convolution2d) layer, in);
      case "MaxPool2d" -> pool((LayerSpec.MaxPool2d) layer, in);
      case "PoolOverTime" -> new Vector(sequence(layer, in).width());
      case "Dense" -> {
        LayerSpec.Dense dense = (LayerSpec.Dense) layer;
        yield dense(dense, dense.width(), dense.activation(), in);
      }
      case "GraphConvolution" -> {
        LayerSpec.GraphConvolution graph = (LayerSpec.GraphConvolution) layer;
        yield dense(graph, graph.width(), graph.activation(), in);
      }
      case "Dropout" -> in;
      case "Classes" -> classes((LayerSpec.Classes) layer, in);
      case "Tokens" -> tokens((LayerSpec.Tokens) layer, in);
      case "Values" -> values((LayerSpec.Values) layer, in);
      default -> throw new IllegalStateException("No plan for layers of kind " + layer.kind());
    };
  }

  private Shape embedding(LayerSpec.Embedding layer, Shape in) {
    if (!(in instanceof Ids ids)) {
      throw misfit(layer, "token ids [n, t]", in);
    }
    if (layer.vocabulary() < ids.vocabulary()) {
      throw new ConfigException(
          "model",
          "layer '%s' knows %d tokens, but the data has %d"
              .formatted(layer.name(), layer.vocabulary(), ids.vocabulary()));
    }
    // Standard deviation 1/√(3·width): the vectors have about the same length at any width.
    weight(layer, "weight", 1 / Math.sqrt(layer.width()), layer.vocabulary(), layer.width());
    return new Sequence(layer.width());
  }

  private Shape lstm(LayerSpec.Lstm layer, Shape in) {
    int inputs = sequence(layer, in).width();
    int width = layer.width();
    weight(layer, "input-weight", glorot(inputs, width), 4 * width, inputs);
    weight(layer, "recurrent-weight", glorot(width, width), 4 * width, width);
    // A forget gate that starts open lets gradients through time (Jozefowicz et al. 2015).
    part(
        layer,
        "bias",
        Slice.Kind.BIAS,
        new First.Constant(1, width, 2 * width),
        new int[] {4 * width});
    return new Sequence(width);
  }

  private Shape convolution(LayerSpec.Convolution1d layer, Shape in) {
    int inputs = sequence(layer, in).width();
    double bound =
        bound(layer.activation(), inputs * layer.kernel(), layer.filters() * layer.kernel());
    weight(layer, "weight", bound, layer.filters(), layer.kernel(), inputs);
    bias(layer, layer.filters());
    return new Sequence(layer.filters());
  }

  private Shape convolution(LayerSpec.Convolution2d layer, Shape in) {
    Image image = image(layer, in);
    int kernel = layer.kernel();
    if (kernel > image.height() || kernel > image.width()) {
      throw new ConfigException(
          "model",
          "layer '%s' has a kernel of %d × %d, larger than its input: %s"
              .formatted(layer.name(), kernel, kernel, image));
    }
    int square = kernel * kernel;
    double bound = bound(layer.activation(), image.channels() * square, layer.filters() * square);
    weight(layer, "weight", bound, layer.filters(), image.channels(), kernel, kernel);
    bias(layer, layer.filters());
    return new Image(layer.filters(), image.height() - kernel + 1, image.width() - kernel + 1);
  }

  private static Shape pool(LayerSpec.MaxPool2d layer, Shape in) {
    Image image = image(layer, in);
    if (layer.size() > image.height() || layer.size() > image.width()) {
      throw new ConfigException(
          "model",
          "layer '%s' pools squares of %d, larger than its input: %s"
              .formatted(layer.name(), layer.size(), image));
    }
    return new Image(image.channels(), image.height() / layer.size(), image.width() / layer.size());
  }

  private Shape dense(LayerSpec layer, int width, LayerSpec.Activation activation, Shape in) {
    int inputs = flat(layer, in);
    weight(layer, "weight", bound(activation, inputs, width), width, inputs);
    bias(layer, width);
    return new Vector(width);
  }

  private Shape classes(LayerSpec.Classes layer, Shape in) {
    int inputs = flat(layer, in);
    weight(layer, "weight", glorot(inputs, layer.classes()), layer.classes(), inputs);
    bias(layer, layer.classes());
    return new Vector(layer.classes());
  }

  private Shape tokens(LayerSpec.Tokens layer, Shape in) {
    int inputs = sequence(layer, in).width();
    weight(layer, "weight", glorot(inputs, layer.vocabulary()), layer.vocabulary(), inputs);
    bias(layer, layer.vocabulary());
    return new Sequence(layer.vocabulary());
  }

  private Shape values(LayerSpec.Values layer, Shape in) {
    int inputs = flat(layer, in);
    weight(layer, "weight", glorot(inputs, layer.width()), layer.width(), inputs);
    bias(layer, layer.width());
    return new Vector(layer.width());
  }

  private void weight(LayerSpec layer, String name, double bound, int... shape) {
    part(layer, name, Slice.Kind.WEIGHT, new First.Uniform(bound), shape);
  }

  private void bias(LayerSpec layer, int length) {
    part(layer, "bias", Slice.Kind.BIAS, new First.Constant(0, 0, 0), new int[] {length});
  }

  private void part(LayerSpec layer, String name, Slice.Kind kind, First first, int[] shape) {
    Slice slice = new Slice(layer.name() + "." + name, offset, shape, kind, layer.name());
    parts.add(new Part(slice, first));
    offset += slice.length();
  }

  private static double bound(LayerSpec.Activation activation, int fanIn, int fanOut) {
    // He et al. 2015: half of the inputs of a rectified layer are lost.
    return activation == LayerSpec.Activation.RELU ? Math.sqrt(6.0 / fanIn) : glorot(fanIn, fanOut);
  }

  /** Keeps the variance through a layer, forward and backward (Glorot and Bengio 2010). */
  private static double glorot(int fanIn, int fanOut) {
    return Math.sqrt(6.0 / ((double) fanIn + fanOut));
  }

  private static Sequence sequence(LayerSpec layer, Shape in) {
    if (in instanceof Sequence sequence) {
      return sequence;
    }
    throw misfit(layer, "sequences [n, t, width]", in);
  }

  private static Image image(LayerSpec layer, Shape in) {
    if (in instanceof Image image) {
      return image;
    }
    throw misfit(layer, "images [n, channels, height, width]", in);
  }

  private static int flat(LayerSpec layer, Shape in) {
    if (in instanceof Vector vector) {
      return vector.width();
    }
    if (in instanceof Image image) {
      return image.length();
    }
    throw misfit(layer, "vectors [n, width], such as PoolOverTime gives,", in);
  }

  private static ConfigException misfit(LayerSpec layer, String wanted, Shape found) {
    return new ConfigException(
        "model",
        "layer '%s' (%s) needs %s but gets %s"
            .formatted(layer.name(), layer.kind(), wanted, found));
  }
}
