package org.trainyard.training.graph;

import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.graph.kernel.Dense;

/**
 * An open graph network. A batch of a whole neighbourhood gives the gradient of its loss; a batch
 * of a sweep over one layer gives that layer's gradient from {@link LazyCaches}.
 */
final class GraphReplica implements Replica {
  private final GraphLayers layers;
  private final LazyCaches caches;

  GraphReplica(ModelPlan plan, long seed) {
    this.layers = new GraphLayers(plan, plan.firstParameters(seed));
    this.caches = new LazyCaches(layers);
  }

  @Override
  public Layout layout() {
    return layers.layout();
  }

  @Override
  public void load(Parameters from) {
    layers.parameters().set(from);
  }

  @Override
  public void store(Parameters into) {
    into.set(layers.parameters());
  }

  @Override
  public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
    GradientSum sum =
        batch.has(LazyFeed.PLACE) ? caches.step(batch, gradient) : whole(batch, gradient);
    for (int i = 0; i < gradient.count() && !mode.trainableGroups().isEmpty(); i++) {
      if (!mode.trainableGroups().contains(layout().slices().get(i).group())) {
        Arrays.fill(gradient.slice(i), 0);
      }
    }
    return sum;
  }

  private GradientSum whole(Batch batch, Parameters gradient) {
    if (batch.size() == 0) {
      GraphPass.clear(gradient);
      return GradientSum.NONE;
    }
    GraphPass pass = new GraphPass(layers, batch);
    float[] slopes = pass.probabilities();
    int[] labels = GraphFields.ints(batch.tensor(Batch.TARGET));
    double loss = layers.lossSlopes(slopes, labels, batch.weights());
    pass.backward(slopes, gradient);
    double weight = 0;
    for (float one : batch.weights()) {
      weight += one;
    }
    return new GradientSum(
        loss,
        weight,
        Collections.emptySortedMap(),
        Double.isFinite(loss) && gradient.finite(),
        Set.of(),
        layers.counted());
  }

  @Override
  public Pass forward(Batch batch, Mode mode) {
    return new GraphPass(layers, batch);
  }

  @Override
  public Scores score(Batch batch) {
    int n = batch.size();
    Scores scores = new Scores(new double[n], new long[n], new long[n], new int[n]);
    if (n == 0) {
      return scores;
    }
    GraphPass pass = new GraphPass(layers, batch);
    int[] labels = GraphFields.ints(batch.tensor(Batch.TARGET));
    for (int row = 0; row < n; row++) {
      scores.loss()[row] = Dense.loss(pass.probabilities(), row * layers.classes(), labels[row]);
      scores.units()[row] = 1;
      scores.predicted()[row] = pass.largest(row);
      scores.hits()[row] = scores.predicted()[row] == labels[row] ? 1 : 0;
    }
    // Judging is no part of training.
    layers.counted();
    return scores;
  }

  /** Caches are found anew from parameters and batches, so there is nothing to carry along. */
  @Override
  public byte[] state() {
    return new byte[0];
  }

  @Override
  public void restore(byte[] state) {
    if (state.length != 0) {
      throw new IllegalArgumentException(
          "A graph network keeps no state between passes, but %d bytes were handed in"
              .formatted(state.length));
    }
  }

  @Override
  public void close() {
    // Nothing outside the heap is open.
  }
}
