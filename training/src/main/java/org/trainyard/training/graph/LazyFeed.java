package org.trainyard.training.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.training.graph.kernel.Graph;
import org.trainyard.training.graph.kernel.Hop;
import org.trainyard.training.graph.kernel.Neighbourhood;

/**
 * An epoch as a sweep over each layer's nodes in turn: the first graph convolution, the second, …,
 * the classes. All batches of a shard share the whole neighbourhood of its training nodes, made
 * once in a JVM; a batch adds which rows of which layer it is about.
 */
final class LazyFeed implements Feed {
  private static final long serialVersionUID = 1;

  /** Field: numbers of a layer's rows, shape [n]. */
  static final String ROWS = "rows";

  /** Shared field: labels of the rows of the last hop. */
  static final String LABELS = "labels";

  /** Shared field: number of the layer; number of the batch in its epoch; in its sweep. */
  static final String PLACE = "place";

  private final Graph graph;
  private final int layers;
  private final int batchSize;
  private final int shards;
  private final long seed;

  /** By shard and layer, the classes included: how many rows there are. */
  private final int[][] rows;

  private transient Map<Integer, Whole> wholes;

  /**
   * @param layers graph convolutions
   * @param batchSize rows of a batch
   */
  LazyFeed(Graph graph, int layers, int batchSize, int shards, long seed) {
    this.graph = graph;
    this.layers = layers;
    this.batchSize = batchSize;
    this.shards = shards;
    this.seed = seed;
    this.rows = new int[shards][layers + 1];
    for (int shard = 0; shard < shards; shard++) {
      int[] targets = targets(shard);
      List<Hop> hops = around(targets).hops();
      Arrays.setAll(rows[shard], at -> at == layers ? targets.length : hops.get(at).rows());
    }
  }

  private int[] targets(int shard) {
    int[] training = graph.training();
    int[] targets = new int[(training.length - shard + shards - 1) / shards];
    Arrays.setAll(targets, at -> training[at * shards + shard]);
    return targets;
  }

  private Neighbourhood around(int[] targets) {
    return Neighbourhood.around(graph.edges(), targets, new int[layers], 0);
  }

  /**
   * A shard's part of the graph.
   *
   * @param nodes that are met; the rows of each layer are the first so many of them
   * @param fields that all its batches share
   */
  private record Whole(int[] nodes, List<Tensor> fields) {}

  private synchronized Whole whole(int shard) {
    if (wholes == null) {
      wholes = new HashMap<>();
    }
    return wholes.computeIfAbsent(shard, this::make);
  }

  private Whole make(int shard) {
    int[] targets = targets(shard);
    Neighbourhood around = around(targets);
    List<Tensor> fields =
        GraphFields.shared(
            Gather.DIRECT.rows(graph.features(), around.nodes()),
            graph.features().width(),
            around.hops());
    fields.add(
        GraphFields.ints(
            LABELS, Arrays.stream(targets).map(node -> graph.labels()[node]).toArray()));
    return new Whole(around.nodes(), fields);
  }

  @Override
  public int shards() {
    return shards;
  }

  @Override
  public long batches(int shard, long epoch) {
    long batches = 0;
    for (int count : rows[shard]) {
      batches += batchesOf(count);
    }
    return batches;
  }

  private long batchesOf(int count) {
    return (count + batchSize - 1L) / batchSize;
  }

  /** Rows of all sweeps of an epoch. */
  long examples() {
    long examples = 0;
    for (int[] counts : rows) {
      examples += Arrays.stream(counts).asLongStream().sum();
    }
    return examples;
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    Whole whole = whole(shard);
    long end = batches(shard, epoch);
    if (from < 0 || from > end) {
      throw new IndexOutOfBoundsException("batch %d of %d in shard %d".formatted(from, end, shard));
    }
    Permutation[] orders = new Permutation[layers + 1];
    long own = Permutation.mix(Permutation.mix(seed + epoch) + shard);
    Arrays.setAll(orders, at -> new Permutation(rows[shard][at], Permutation.mix(own + at)));
    return new Cursor() {
      private long next = from;

      @Override
      public Optional<Batch> next() {
        return next == end
            ? Optional.empty()
            : Optional.of(batch(whole, rows[shard], orders, next++));
      }

      @Override
      public void close() {
        next = end;
      }
    };
  }

  private Batch batch(Whole whole, int[] counts, Permutation[] orders, long number) {
    int layer = 0;
    long inSweep = number;
    while (inSweep >= batchesOf(counts[layer])) {
      inSweep -= batchesOf(counts[layer++]);
    }
    Permutation order = orders[layer];
    long from = inSweep * batchSize;
    int[] own = new int[(int) Math.min(batchSize, order.size() - from)];
    Arrays.setAll(own, at -> (int) order.at(from + at));
    long[] ids = Arrays.stream(own).mapToLong(row -> graph.ids()[whole.nodes()[row]]).toArray();
    float[] ones = new float[ids.length];
    Arrays.fill(ones, 1);
    List<Tensor> shared = new ArrayList<>(whole.fields());
    shared.add(GraphFields.ints(PLACE, layer, Math.toIntExact(number), (int) inSweep));
    return new Batch(ids, ids, ones, List.of(GraphFields.ints(ROWS, own)), shared);
  }
}
