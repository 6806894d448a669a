package org.trainyard.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.graph.kernel.Graph;
import org.trainyard.training.graph.kernel.Hop;
import org.trainyard.training.model.GraphNetwork;
import org.trainyard.training.model.LayerSpec.Activation;
import org.trainyard.training.model.ModelSpec;

@DisplayName("A graph network")
class GraphReplicaTest {
  private static final int NODES = 40;
  private static final Graph GRAPH = ToyGraph.graph(NODES);
  private static final int[] WIDTHS = {6, 4};

  static Replica open(Activation activation) {
    ModelSpec spec =
        new GraphNetwork()
            .create(new GraphNetwork.Config(List.of(WIDTHS[0], WIDTHS[1]), activation))
            .spec(new DataFacts(0, ToyGraph.CLASSES, List.of(ToyGraph.WIDTH)));
    return new GraphEngine().open(spec, Device.CPU, Options.seeded(1));
  }

  static List<Batch> batches(Feed feed, int shard, long epoch) {
    List<Batch> batches = new ArrayList<>();
    try (Feed.Cursor cursor = feed.open(shard, epoch, 0)) {
      for (long left = feed.batches(shard, epoch); left > 0; left--) {
        batches.add(cursor.next().orElseThrow());
      }
    }
    return batches;
  }

  private static Batch batch(int fanOut, int size) {
    int[] hops = {fanOut, fanOut};
    Feed feed = new NodeFeed(GRAPH, GRAPH.training(), hops, size, 1, Gather.DIRECT, 0, 3);
    return batches(feed, 0, 0).get(0);
  }

  /** The loss of a batch by its definition, in double precision. */
  private static double loss(Batch batch, Activation activation, double[][] slices, double[] x) {
    double[] values = x;
    List<Hop> hops = GraphFields.hops(batch, 2);
    int in = ToyGraph.WIDTH;
    for (int layer = 0; layer < 2; layer++) {
      Hop hop = hops.get(layer);
      double[] means = new double[hop.rows() * in];
      for (int row = 0; row < hop.rows(); row++) {
        int drawn = hop.starts()[row + 1] - hop.starts()[row];
        for (int k = 0; k < in; k++) {
          double sum = 0;
          for (int at = hop.starts()[row]; at < hop.starts()[row + 1]; at++) {
            sum += values[hop.inputs()[at] * in + k];
          }
          means[row * in + k] =
              hop.own()[row] * values[row * in + k]
                  + (drawn == 0 ? 0 : (1 - hop.own()[row]) * sum / drawn);
        }
      }
      values = dense(means, hop.rows(), in, slices[2 * layer], slices[2 * layer + 1]);
      in = WIDTHS[layer];
      for (int at = 0; at < values.length; at++) {
        values[at] =
            activation == Activation.RELU ? Math.max(0, values[at]) : Math.tanh(values[at]);
      }
    }
    double[] logits = dense(values, batch.size(), in, slices[4], slices[5]);
    double loss = 0;
    for (int row = 0; row < batch.size(); row++) {
      double sum = 0;
      for (int j = 0; j < ToyGraph.CLASSES; j++) {
        sum += Math.exp(logits[row * ToyGraph.CLASSES + j]);
      }
      int label = batch.tensor(Batch.TARGET).ints().get(row);
      loss += batch.weights()[row] * (Math.log(sum) - logits[row * ToyGraph.CLASSES + label]);
    }
    return loss;
  }

  private static double[] dense(double[] x, int rows, int in, double[] weight, double[] bias) {
    int out = bias.length;
    double[] y = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < out; j++) {
        y[row * out + j] = bias[j];
        for (int k = 0; k < in; k++) {
          y[row * out + j] += x[row * in + k] * weight[j * in + k];
        }
      }
    }
    return y;
  }

  private static double[] doubles(FloatBuffer from) {
    double[] values = new double[from.remaining()];
    for (int at = 0; at < values.length; at++) {
      values[at] = from.get(at);
    }
    return values;
  }

  private static double[][] slices(Parameters parameters) {
    double[][] slices = new double[parameters.count()][];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = doubles(FloatBuffer.wrap(parameters.slice(i)));
    }
    return slices;
  }

  private static Batch weighted(Batch batch) {
    float[] weights = batch.weights().clone();
    for (int at = 0; at < weights.length; at++) {
      weights[at] = at % 3;
    }
    return new Batch(
        batch.exampleIds(), batch.groupIds(), weights, batch.tensors(), batch.shared());
  }

  private static double difference(
      Batch batch, Activation activation, double[][] slices, double[] x, double[] moved, int at) {
    double step = 1e-5;
    double before = moved[at];
    moved[at] = before + step;
    double up = loss(batch, activation, slices, x);
    moved[at] = before - step;
    double down = loss(batch, activation, slices, x);
    moved[at] = before;
    return (up - down) / (2 * step);
  }

  @Nested
  class GivesTheDerivativeOfItsDefinition {
    @ParameterizedTest
    @EnumSource(
        value = Activation.class,
        names = {"RELU", "TANH"})
    void byItsParametersWithDrawnAndWithAllNeighbours(Activation activation) {
      for (Batch batch : List.of(weighted(batch(2, 9)), batch(0, 0))) {
        try (Replica replica = open(activation)) {
          Parameters parameters = Parameters.zeros(replica.layout());
          replica.store(parameters);
          Parameters gradient = parameters.copy();
          GradientSum sum = replica.lossAndGradient(batch, Mode.train(1), gradient);
          double[][] slices = slices(parameters);
          double[] x = doubles(batch.tensor(GraphFields.FEATURES).floats());
          assertThat(sum.loss()).isCloseTo(loss(batch, activation, slices, x), within(1e-4));
          for (int i = 0; i < slices.length; i++) {
            for (int at = 0; at < slices[i].length; at++) {
              assertThat((double) gradient.slice(i)[at])
                  .isCloseTo(difference(batch, activation, slices, x, slices[i], at), within(1e-3));
            }
          }
        }
      }
    }

    @Test
    void byFeaturesFromAnyOutput() {
      Batch batch = batch(2, 5);
      try (Replica replica = open(Activation.TANH)) {
        Parameters parameters = Parameters.zeros(replica.layout());
        replica.store(parameters);
        Pass pass = replica.forward(batch, Mode.EVALUATE);
        Tensor output = pass.outputs().get(Pass.OUTPUT);
        assertThat(pass.outputs().get("graph-convolution-0").shape()[1]).isEqualTo(WIDTHS[0]);
        float[] cotangent = new float[output.elements()];
        for (int row = 0; row < batch.size(); row++) {
          int at = row * ToyGraph.CLASSES + batch.tensor(Batch.TARGET).ints().get(row);
          cotangent[at] = -1 / output.floats().get(at);
        }
        Parameters gradient = parameters.copy();
        Map<String, Tensor> back =
            pass.backward(
                Map.of(Pass.OUTPUT, Tensor.ofFloats(Pass.OUTPUT, output.shape(), cotangent)),
                gradient);
        double[][] slices = slices(parameters);
        double[] x = doubles(batch.tensor(GraphFields.FEATURES).floats());
        FloatBuffer found = back.get(GraphFields.FEATURES).floats();
        for (int at = 0; at < x.length; at++) {
          assertThat((double) found.get(at))
              .isCloseTo(difference(batch, Activation.TANH, slices, x, x, at), within(1e-3));
        }
        Parameters fused = parameters.copy();
        replica.lossAndGradient(batch, Mode.train(1), fused);
        assertThat(fused.add(gradient, -1).norm()).isLessThan(1e-4);
      }
    }
  }

  @Nested
  class CountsItsMultiplyAdds {
    @Test
    void ofTheWayThereAndBack() {
      Batch batch = batch(2, 9);
      List<Hop> hops = GraphFields.hops(batch, 2);
      int first = hops.get(0).rows();
      int n = batch.size();
      long means = (first + hops.get(0).inputs().length) * (long) ToyGraph.WIDTH;
      long between = 2L * (n + hops.get(1).inputs().length) * (long) WIDTHS[0];
      long dense =
          2L * first * ToyGraph.WIDTH * WIDTHS[0]
              + 3L * n * WIDTHS[0] * WIDTHS[1]
              + 3L * n * WIDTHS[1] * ToyGraph.CLASSES;
      try (Replica replica = open(Activation.RELU)) {
        replica.score(batch);
        GradientSum sum =
            replica.lossAndGradient(batch, Mode.train(1), Parameters.zeros(replica.layout()));
        assertThat(sum.multiplyAdds()).isEqualTo(means + between + dense);
      }
    }
  }

  @Nested
  class ScoresANode {
    @Test
    void asItsLossDoes() {
      Batch batch = batch(0, 0);
      try (Replica replica = open(Activation.RELU)) {
        Scores scores = replica.score(batch);
        GradientSum sum =
            replica.lossAndGradient(batch, Mode.train(1), Parameters.zeros(replica.layout()));
        double loss = 0;
        for (int row = 0; row < batch.size(); row++) {
          loss += scores.loss()[row];
          boolean hit = scores.predicted()[row] == batch.tensor(Batch.TARGET).ints().get(row);
          assertThat(scores.hits()[row]).isEqualTo(hit ? 1 : 0);
        }
        assertThat(loss).isCloseTo(sum.loss(), within(1e-6));
      }
    }
  }

  @Nested
  class TrainedLayerByLayer {
    private static final LazyFeed FEED = new LazyFeed(GRAPH, 2, 7, 1, 5);

    /** As long as no weight is changed, the sweeps bring the whole gradient. */
    @Test
    void bringsTheWholeGradientFromTheSweepsOverItsLayers() {
      try (Replica replica = open(Activation.RELU)) {
        Parameters whole = Parameters.zeros(replica.layout());
        GradientSum one = replica.lossAndGradient(batch(0, 0), Mode.train(1), whole);
        Parameters swept = Parameters.zeros(replica.layout());
        Parameters gradient = Parameters.zeros(replica.layout());
        double weight = 0;
        double loss = 0;
        for (Batch batch : batches(FEED, 0, 0)) {
          GradientSum sum = replica.lossAndGradient(batch, Mode.train(1), gradient);
          swept.add(gradient, 1);
          weight += sum.weight();
          loss += sum.loss();
          for (int i = 0; i < gradient.count(); i++) {
            if (!sum.groups().contains(replica.layout().slices().get(i).group())) {
              assertThat(gradient.slice(i)).containsOnly(0);
            }
          }
        }
        assertThat(swept.add(whole, -1).norm()).isLessThan(1e-4);
        assertThat(weight).isCloseTo(3 * one.weight(), within(1e-9));
        assertThat(loss).isCloseTo(3 * one.loss(), within(1e-4));
      }
    }

    /** Two epochs with steps between, then a third on the same and on a new replica. */
    @Test
    void needsNoMemoryOfEarlierEpochs() {
      try (Replica warm = open(Activation.RELU);
          Replica cold = open(Activation.RELU)) {
        Parameters weights = Parameters.zeros(warm.layout());
        warm.store(weights);
        Parameters gradient = Parameters.zeros(warm.layout());
        for (long epoch = 0; epoch < 2; epoch++) {
          epoch(warm, weights, gradient, epoch);
        }
        Parameters onWarm = weights.copy();
        Parameters onCold = weights.copy();
        long warmed = epoch(warm, onWarm, gradient, 2);
        long filled = epoch(cold, onCold, gradient, 2);
        assertThat(onWarm).isEqualTo(onCold).isNotEqualTo(weights);
        assertThat(warmed).isLessThan(filled);
      }
    }

    private static long epoch(
        Replica replica, Parameters weights, Parameters gradient, long epoch) {
      long multiplyAdds = 0;
      for (Batch batch : batches(FEED, 0, epoch)) {
        replica.load(weights);
        GradientSum sum = replica.lossAndGradient(batch, Mode.train(1), gradient);
        weights.add(gradient, (float) (-0.1 / sum.weight()));
        multiplyAdds += sum.multiplyAdds();
      }
      return multiplyAdds;
    }

    @Test
    void refusesABatchOutOfTurn() {
      List<Batch> batches = batches(FEED, 0, 0);
      try (Replica replica = open(Activation.RELU)) {
        Parameters gradient = Parameters.zeros(replica.layout());
        replica.lossAndGradient(batches.get(0), Mode.train(1), gradient);
        assertThatThrownBy(() -> replica.lossAndGradient(batches.get(2), Mode.train(1), gradient))
            .hasMessageContaining("Batch 2 of a sweep over layers came where batch 1 was due");
      }
    }
  }

  @Nested
  class Refuses {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFeedOfAnotherNumberOfHops(int hops) {
      Feed feed = new NodeFeed(GRAPH, GRAPH.training(), new int[hops], 4, 1, Gather.DIRECT, 0, 3);
      Batch batch = batches(feed, 0, 0).get(0);
      try (Replica replica = open(Activation.RELU)) {
        assertThatThrownBy(() -> replica.score(batch))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("over %d hops, but the network has 2".formatted(hops))
            .hasMessageContaining("as many as widths");
      }
    }

    @Test
    void batchesWithoutAGraph() {
      Batch batch = Batch.of(new long[] {1}, GraphFields.ints(Batch.TARGET, 0));
      try (Replica replica = open(Activation.RELU)) {
        assertThatThrownBy(() -> replica.score(batch))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("Set feed: neighbours");
      }
    }
  }
}
