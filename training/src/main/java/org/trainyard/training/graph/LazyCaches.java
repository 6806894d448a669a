package org.trainyard.training.graph;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.graph.kernel.Dense;
import org.trainyard.training.graph.kernel.Hop;

/**
 * What every layer gave for every node, and the loss's derivatives by it, while the layers are
 * updated one at a time, in inverted order. At the first batch of an epoch the derivatives are
 * taken from the caches as they are; when the sweep over a layer is through, its outputs are
 * refreshed.
 *
 * <p>The gradient of a batch of rows B of layer l, of which there are m, is that of {@code sum over
 * B of <y(row), slopes(row)>}; the sum over all rows would be the whole gradient by that layer's
 * weights at the caches' parameters, so the batch's weight is |B| / m of the training nodes'.
 *
 * <p>All is a function of the parameters at the epoch's start and of the batches since: a replica
 * that was not here before fills its caches first, at a cost that is counted. Where outputs were
 * refreshed with the very weights that an epoch starts from, they stand.
 *
 * @see <a href="https://arxiv.org/abs/2109.13995">IGLU: Efficient GCN Training via Lazy Updates</a>
 */
final class LazyCaches {
  private final GraphLayers layers;
  private final Parameters madeWith;

  /** Features of the graph that the caches are of. */
  private Optional<Tensor> graph = Optional.empty();

  private List<Hop> hops = List.of();
  private int[] labels = {};

  /** By layer, the classes included: what goes in; and what comes out of a graph convolution. */
  private final float[][] x;

  private final float[][] y;
  private final float[][] slopes;
  private double meanLoss;
  private int next;

  LazyCaches(GraphLayers layers) {
    this.layers = layers;
    this.madeWith = Parameters.zeros(layers.layout());
    int depth = layers.convolutions();
    this.x = new float[depth + 1][];
    this.y = new float[depth][];
    this.slopes = new float[depth][];
  }

  /**
   * The gradient of one batch of a sweep.
   *
   * @param gradient is overwritten: zero but for the batch's layer
   */
  GradientSum step(Batch batch, Parameters gradient) {
    int[] place = GraphFields.ints(batch.tensor(LazyFeed.PLACE));
    int layer = place[0];
    if (place[1] == 0) {
      start(batch);
    } else if (place[1] != next || !ofThisGraph(batch)) {
      throw new IllegalStateException(
          "Batch %d of a sweep over layers came where batch %d was due: a rule that asks for a gradient twice, or a round that is no whole epoch, cannot train so"
              .formatted(place[1], next));
    } else if (place[2] == 0 && layer > 0) {
      refresh(layer - 1);
    }
    next = place[1] + 1;
    GraphPass.clear(gradient);
    int[] rows = GraphFields.ints(batch.tensor(LazyFeed.ROWS));
    double share = (double) rows.length / count(layer);
    double weight = share * labels.length;
    double loss = layer == layers.convolutions() ? classes(rows, gradient) : weight * meanLoss;
    if (layer < layers.convolutions()) {
      convolution(layer, rows, gradient);
    }
    return new GradientSum(
        loss,
        weight,
        Collections.emptySortedMap(),
        Double.isFinite(loss) && gradient.finite(),
        Set.of(layers.name(layer)),
        layers.counted());
  }

  private static Tensor features(Batch batch) {
    return batch.tensor(GraphFields.FEATURES);
  }

  /** Whether it is the very memory that counts: equal features may be those of another graph. */
  @SuppressWarnings("ReferenceEquality")
  private boolean ofThisGraph(Batch batch) {
    return graph.isPresent() && graph.get() == features(batch);
  }

  /** Rows of a layer. */
  private int count(int layer) {
    return layer == layers.convolutions() ? labels.length : hops.get(layer).rows();
  }

  private void start(Batch batch) {
    boolean stale = !ofThisGraph(batch);
    if (stale) {
      graph = Optional.of(features(batch));
      hops = GraphFields.hops(batch, layers.convolutions());
      labels = GraphFields.ints(batch.tensor(LazyFeed.LABELS));
      x[0] = hops.get(0).mean(features(batch).floats(), layers.in(0));
      layers.count(hops.get(0).multiplyAdds(layers.in(0)));
    }
    for (int layer = 0; layer < layers.convolutions(); layer++) {
      stale |= !current(layer);
      if (stale) {
        refresh(layer);
      }
    }
    slopes();
  }

  /** Whether a layer's outputs were made with the weights that it has. */
  private boolean current(int layer) {
    int slice = layers.slice(layer);
    return Arrays.equals(madeWith.slice(slice), layers.parameters().slice(slice))
        && Arrays.equals(madeWith.slice(slice + 1), layers.parameters().slice(slice + 1));
  }

  /** A layer's outputs for all its rows, and the means over them that the next layer takes in. */
  private void refresh(int layer) {
    y[layer] = layers.forward(layer, x[layer], hops.get(layer).rows());
    for (int slice = layers.slice(layer); slice < layers.slice(layer + 1); slice++) {
      float[] weights = layers.parameters().slice(slice);
      System.arraycopy(weights, 0, madeWith.slice(slice), 0, weights.length);
    }
    if (layer + 1 == layers.convolutions()) {
      x[layer + 1] = y[layer];
      return;
    }
    Hop hop = hops.get(layer + 1);
    x[layer + 1] = hop.mean(y[layer], layers.out(layer));
    layers.count(hop.multiplyAdds(layers.out(layer)));
  }

  /** Derivatives of the loss by every graph convolution's outputs, from the caches. */
  private void slopes() {
    int depth = layers.convolutions();
    float[] logits = layers.forward(depth, x[depth], labels.length);
    Dense.softmax(logits, labels.length, layers.classes());
    float[] ones = new float[labels.length];
    Arrays.fill(ones, 1);
    meanLoss = layers.lossSlopes(logits, labels, ones) / labels.length;
    slopes[depth - 1] = layers.back(depth, logits, labels.length);
    for (int layer = depth - 1; layer > 0; layer--) {
      Hop hop = hops.get(layer);
      float[] inner = slopes[layer].clone();
      layers.throughActivation(layer, y[layer], inner);
      float[] means = layers.back(layer, inner, hop.rows());
      slopes[layer - 1] = hop.back(means, layers.in(layer), hops.get(layer - 1).rows());
      layers.count(hop.multiplyAdds(layers.in(layer)));
    }
  }

  private void convolution(int layer, int[] rows, Parameters gradient) {
    float[] in = taken(x[layer], rows, layers.in(layer));
    float[] out = layers.forward(layer, in, rows.length);
    float[] by = taken(slopes[layer], rows, layers.out(layer));
    layers.throughActivation(layer, out, by);
    layers.gradient(layer, in, by, rows.length, gradient);
  }

  private double classes(int[] rows, Parameters gradient) {
    int depth = layers.convolutions();
    float[] in = taken(x[depth], rows, layers.in(depth));
    float[] out = layers.forward(depth, in, rows.length);
    Dense.softmax(out, rows.length, layers.classes());
    float[] ones = new float[rows.length];
    Arrays.fill(ones, 1);
    int[] own = Arrays.stream(rows).map(row -> labels[row]).toArray();
    double loss = layers.lossSlopes(out, own, ones);
    layers.gradient(depth, in, out, rows.length, gradient);
    return loss;
  }

  private static float[] taken(float[] from, int[] rows, int width) {
    float[] taken = new float[rows.length * width];
    for (int at = 0; at < rows.length; at++) {
      System.arraycopy(from, rows[at] * width, taken, at * width, width);
    }
    return taken;
  }
}
