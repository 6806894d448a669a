package org.trainyard.training.graph;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.ReadAhead;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.training.graph.kernel.Graph;
import org.trainyard.training.graph.kernel.Neighbourhood;

/**
 * Batches of nodes with the neighbourhoods that a network must read to classify them. Node number i
 * of those asked for belongs to shard i mod shards. The order and the draws of a batch follow from
 * seed, epoch, shard and the batch's number alone, so any position is a seek. Batches are made
 * ahead on the threads that read ahead.
 */
final class NodeFeed implements Feed {
  private static final long serialVersionUID = 1;
  private static final int BATCHES_COUNTED = 16;
  private final Graph graph;
  private final int[] nodes;
  private final int[] fanOut;
  private final int batchSize;
  private final int shards;
  private final Gather gather;
  private final int ahead;
  private final long seed;

  /**
   * @param nodes to classify, each once in an epoch
   * @param fanOut neighbours drawn of a node at most, from the nodes to classify outward; 0 for all
   * @param batchSize nodes of a batch; 0 for all of a shard
   * @param ahead batches that are made before they are asked for
   */
  NodeFeed(
      Graph graph,
      int[] nodes,
      int[] fanOut,
      int batchSize,
      int shards,
      Gather gather,
      int ahead,
      long seed) {
    this.graph = graph;
    this.nodes = nodes;
    this.fanOut = fanOut;
    this.batchSize = batchSize == 0 ? Math.max(1, nodes.length) : batchSize;
    this.shards = shards;
    this.gather = gather;
    this.ahead = ahead;
    this.seed = seed;
  }

  @Override
  public int shards() {
    return shards;
  }

  @Override
  public long batches(int shard, long epoch) {
    return (size(shard) + batchSize - 1L) / batchSize;
  }

  private int size(int shard) {
    return (nodes.length - shard + shards - 1) / shards;
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    if (from < 0 || from > batches(shard, epoch)) {
      throw new IndexOutOfBoundsException(
          "batch %d of %d in shard %d".formatted(from, batches(shard, epoch), shard));
    }
    return new NodeCursor(shard, epoch, from);
  }

  /** What there is to tell of a batch: of the first ones of the first epoch, drawn again. */
  SortedMap<String, Double> figures() {
    NodeCursor first = new NodeCursor(0, 0, 0);
    long batches = Math.min(BATCHES_COUNTED, batches(0, 0));
    long rows = 0;
    for (long batch = 0; batch < batches; batch++) {
      rows += first.around(first.targets(batch), batch).nodes().length;
    }
    double bytes = (double) rows * graph.features().width() * Float.BYTES;
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("feature_rows_per_batch", (double) rows / batches);
    figures.put("feature_bytes_written_per_batch", gather.copies() * bytes / batches);
    return figures;
  }

  private final class NodeCursor implements Cursor {
    private final int shard;
    private final long draws;
    private final Permutation order;
    private final long end;
    private final Deque<ReadAhead.Pending<Batch>> pending = new ArrayDeque<>();
    private long next;

    NodeCursor(int shard, long epoch, long from) {
      this.shard = shard;
      this.draws = Permutation.mix(Permutation.mix(seed + epoch) + shard);
      this.order = new Permutation(size(shard), draws);
      this.end = batches(shard, epoch);
      this.next = from;
    }

    int[] targets(long batch) {
      long from = batch * batchSize;
      int[] targets = new int[(int) Math.min(batchSize, order.size() - from)];
      Arrays.setAll(targets, at -> nodes[(int) order.at(from + at) * shards + shard]);
      return targets;
    }

    Neighbourhood around(int[] targets, long batch) {
      return Neighbourhood.around(graph.edges(), targets, fanOut, Permutation.mix(draws + batch));
    }

    private Batch make(long batch) {
      int[] targets = targets(batch);
      Neighbourhood around = around(targets, batch);
      ByteBuffer features = gather.rows(graph.features(), around.nodes());
      long[] ids = Arrays.stream(targets).mapToLong(node -> graph.ids()[node]).toArray();
      float[] ones = new float[ids.length];
      Arrays.fill(ones, 1);
      int[] labels = Arrays.stream(targets).map(node -> graph.labels()[node]).toArray();
      return new Batch(
          ids,
          ids,
          ones,
          List.of(Tensor.ofInts(Batch.TARGET, new int[] {labels.length}, labels)),
          GraphFields.shared(features, graph.features().width(), around.hops()));
    }

    @Override
    public Optional<Batch> next() {
      if (next == end) {
        return Optional.empty();
      }
      Batch batch = pending.isEmpty() ? make(next) : pending.poll().take();
      next++;
      makeAhead(batch.shared().stream().mapToLong(Tensor::size).sum());
      return Optional.of(batch);
    }

    private void makeAhead(long bytes) {
      while (pending.size() < ahead && next + pending.size() < end) {
        long batch = next + pending.size();
        Optional<ReadAhead.Pending<Batch>> started =
            ReadAhead.SHARED.start(bytes, () -> make(batch));
        if (started.isEmpty()) {
          return;
        }
        pending.add(started.get());
      }
    }

    @Override
    public void close() {
      pending.forEach(ReadAhead.Pending::drop);
      pending.clear();
      next = end;
    }
  }
}
