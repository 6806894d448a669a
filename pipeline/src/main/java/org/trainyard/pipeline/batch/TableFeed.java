package org.trainyard.pipeline.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
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
 * block was drawn by chance when they were planned. While one block is handed out, the next is read
 * in the background.
 */
public final class TableFeed implements Feed {
  private static final long serialVersionUID = 1;
  private static final Pattern FOLDERS = Pattern.compile("/shard=(\\d+)/block=(\\d+)/");

  private final String version;
  private final long seed;
  private final boolean shuffled;
  private final List<ShardBlocks> shards;

  private TableFeed(Table table, long seed, boolean shuffled) {
    this.version = table.version().toString();
    this.seed = seed;
    this.shuffled = shuffled;
    this.shards = shards(table);
  }

  /** All batches in an order that differs by epoch. */
  public static TableFeed shuffled(Table table, long seed) {
    return new TableFeed(table, seed, true);
  }

  /** All batches in order of position, the same in each epoch. */
  public static TableFeed inOrder(Table table) {
    return new TableFeed(table, 0, false);
  }

  private static List<ShardBlocks> shards(Table table) {
    Double count = table.record().metrics().get(BatchTable.SHARDS_METRIC);
    if (count == null) {
      throw new DataException(
          "%s is not a batch table: its record does not say how many shards it has. Make it with plan-batches."
              .formatted(table.version()));
    }
    List<SortedMap<Integer, List<FileEntry>>> shards = new ArrayList<>();
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
      shards
          .get(Integer.parseInt(folders.group(1)))
          .computeIfAbsent(Integer.parseInt(folders.group(2)), block -> new ArrayList<>())
          .add(file);
    }
    return shards.stream().map(blocks -> blocks(blocks.values())).toList();
  }

  private static ShardBlocks blocks(Collection<List<FileEntry>> blocks) {
    return new ShardBlocks(
        blocks.stream()
            .mapToInt(files -> Math.toIntExact(files.stream().mapToLong(FileEntry::rows).sum()))
            .toArray(),
        blocks.stream().map(files -> files.stream().map(FileEntry::path).toList()).toList());
  }

  @Override
  public int shards() {
    return shards.size();
  }

  @Override
  public long batches(int shard, long epoch) {
    return shards.get(shard).batches();
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    return open(shard, epoch, from, BlockCache.SHARED, ReadAhead.SHARED);
  }

  Cursor open(int shard, long epoch, long from, BlockCache cache, ReadAhead readAhead) {
    ShardBlocks blocks = shards.get(shard);
    if (from < 0 || from > blocks.batches()) {
      throw new IndexOutOfBoundsException(
          "batch %d of %d in shard %d".formatted(from, blocks.batches(), shard));
    }
    EpochOrder order =
        shuffled
            ? EpochOrder.shuffled(blocks.rows(), seed, shard, epoch)
            : EpochOrder.inOrder(blocks.rows());
    Configuration configuration = SparkHadoopUtil.get().conf();
    return new BlockCursor(
        block -> cache.block(version, shard, block, () -> read(blocks, block, configuration)),
        order,
        from,
        readAhead);
  }

  private Block read(ShardBlocks blocks, int block, Configuration configuration) {
    return Block.read(
        blocks.files(block).stream().map(file -> new Path(version, file)).toList(),
        blocks.rows()[block],
        configuration);
  }

  /** While the batches of one block are handed out, the next one is read. */
  private static final class BlockCursor implements Cursor {
    private final IntFunction<Block> blocks;
    private final EpochOrder order;
    private final ReadAhead readAhead;
    private long next;
    private long end;
    private List<Batch> batches = List.of();
    private Optional<ReadAhead.Pending<Block>> ahead = Optional.empty();

    BlockCursor(IntFunction<Block> blocks, EpochOrder order, long from, ReadAhead readAhead) {
      this.blocks = blocks;
      this.order = order;
      this.next = from;
      this.end = from;
      this.readAhead = readAhead;
    }

    @Override
    public Optional<Batch> next() {
      if (next == order.size()) {
        return Optional.empty();
      }
      if (next == end) {
        openBlock();
      }
      return Optional.of(batches.get(order.at(next++).row()));
    }

    private void openBlock() {
      batches = List.of();
      Optional<ReadAhead.Pending<Block>> pending = ahead;
      ahead = Optional.empty();
      int wanted = order.blockAt(next);
      Block block = pending.isPresent() ? pending.get().take() : blocks.apply(wanted);
      batches = block.batches();
      end = order.endOfBlock(next);
      if (end < order.size()) {
        int following = order.blockAt(end);
        ahead = readAhead.start(block.bytes(), () -> blocks.apply(following));
      }
    }

    @Override
    public void close() {
      ahead.ifPresent(ReadAhead.Pending::drop);
      ahead = Optional.empty();
      batches = List.of();
      next = order.size();
    }
  }
}
