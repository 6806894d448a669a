package org.trainyard.pipeline.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.trainyard.pipeline.batch.kernel.EpochOrder;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Table;

/**
 * Hands out the batches of a {@link BatchTable}. Each epoch has its own order, computed from seed,
 * shard and epoch: blocks are shuffled, and batches within their block, so that an epoch reads each
 * block once and any position is found without reading what comes before. Which batches share a
 * block was drawn by chance when they were planned.
 */
public final class TableFeed implements Feed {
  private static final long serialVersionUID = 1;
  private static final Pattern FOLDERS = Pattern.compile("/shard=(\\d+)/block=(\\d+)/");

  private final long seed;
  private final boolean shuffled;
  private final List<List<Stored>> shards;

  /** The files of a block and how many batches are in them. */
  private record Stored(List<String> files, long rows) implements java.io.Serializable {}

  private TableFeed(long seed, boolean shuffled, List<List<Stored>> shards) {
    this.seed = seed;
    this.shuffled = shuffled;
    this.shards = shards;
  }

  /** All batches in an order that differs by epoch. */
  public static TableFeed shuffled(Table table, long seed) {
    return new TableFeed(seed, true, stored(table));
  }

  /** All batches in order of position, the same in each epoch. */
  public static TableFeed inOrder(Table table) {
    return new TableFeed(0, false, stored(table));
  }

  private static List<List<Stored>> stored(Table table) {
    Double count = table.record().metrics().get(BatchTable.SHARDS_METRIC);
    if (count == null) {
      throw new DataException(
          "%s is not a batch table: its record does not say how many shards it has. Make it with plan-batches."
              .formatted(table.version()));
    }
    List<Map<Integer, Stored>> shards = new ArrayList<>();
    for (int shard = 0; shard < count; shard++) {
      shards.add(new TreeMap<>());
    }
    for (FileEntry file : table.output().files()) {
      Matcher folders = FOLDERS.matcher(file.path());
      if (!folders.find()) {
        throw new DataException(
            "%s/%s lies in no folder of a shard and block. Plan the batches anew."
                .formatted(table.version(), file.path()));
      }
      String path = new Path(table.version(), file.path()).toString();
      shards
          .get(Integer.parseInt(folders.group(1)))
          .merge(
              Integer.parseInt(folders.group(2)),
              new Stored(List.of(path), file.rows()),
              TableFeed::joined);
    }
    List<List<Stored>> stored = new ArrayList<>();
    shards.forEach(blocks -> stored.add(List.copyOf(blocks.values())));
    return List.copyOf(stored);
  }

  private static Stored joined(Stored one, Stored other) {
    List<String> files = new ArrayList<>(one.files());
    files.addAll(other.files());
    return new Stored(List.copyOf(files), one.rows() + other.rows());
  }

  @Override
  public int shards() {
    return shards.size();
  }

  @Override
  public long batches(int shard, long epoch) {
    return shards.get(shard).stream().mapToLong(Stored::rows).sum();
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    return open(shard, epoch, from, BlockCache.SHARED);
  }

  Cursor open(int shard, long epoch, long from, BlockCache cache) {
    if (from < 0 || from > batches(shard, epoch)) {
      throw new IndexOutOfBoundsException(
          "batch %d of %d in shard %d".formatted(from, batches(shard, epoch), shard));
    }
    List<Stored> blocks = shards.get(shard);
    long[] sizes = blocks.stream().mapToLong(Stored::rows).toArray();
    EpochOrder order =
        shuffled ? EpochOrder.shuffled(sizes, seed, shard, epoch) : EpochOrder.inOrder(sizes);
    return new BlockCursor(blocks, order, from, cache, SparkHadoopUtil.get().conf());
  }

  private static final class BlockCursor implements Cursor {
    private final List<Stored> blocks;
    private final EpochOrder order;
    private final BlockCache cache;
    private final Configuration configuration;
    private long next;
    private int open = -1;
    private Block block;

    BlockCursor(
        List<Stored> blocks,
        EpochOrder order,
        long from,
        BlockCache cache,
        Configuration configuration) {
      this.blocks = blocks;
      this.order = order;
      this.next = from;
      this.cache = cache;
      this.configuration = configuration;
    }

    @Override
    public Optional<Batch> next() {
      if (next == order.size()) {
        return Optional.empty();
      }
      EpochOrder.Place place = order.at(next);
      if (place.block() != open) {
        Stored stored = blocks.get(place.block());
        block =
            cache.block(
                stored.files().get(0),
                () -> Block.read(stored.files(), stored.rows(), configuration));
        open = place.block();
      }
      next++;
      return Optional.of(block.batches().get(place.row()));
    }

    @Override
    public void close() {
      block = null;
      open = -1;
    }
  }
}
