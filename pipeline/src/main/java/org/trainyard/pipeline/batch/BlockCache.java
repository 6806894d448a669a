package org.trainyard.pipeline.batch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Blocks that were read lately, up to a bound of bytes: small data stays in memory, large data
 * streams through. Shared by all tasks of a JVM.
 */
final class BlockCache {
  /** The cache of this JVM: an eighth of its largest heap. */
  static final BlockCache SHARED = new BlockCache(Runtime.getRuntime().maxMemory() / 8);

  private final long mostBytes;
  private final Map<Name, Block> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  BlockCache(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** A block's place; a version is never written again. */
  private record Name(String version, int shard, int block) {}

  /**
   * A block of a table's version, read if it is not there. Two tasks that want the same block at
   * once may both read it; none waits for the other.
   */
  Block block(String version, int shard, int block, Supplier<Block> reader) {
    Name name = new Name(version, shard, block);
    synchronized (blocks) {
      Block known = blocks.get(name);
      if (known != null) {
        return known;
      }
    }
    Block read = reader.get();
    synchronized (blocks) {
      if (read.bytes() <= mostBytes && blocks.put(name, read) == null) {
        bytes += read.bytes();
        evict();
      }
    }
    return read;
  }

  private void evict() {
    Iterator<Block> oldest = blocks.values().iterator();
    while (bytes > mostBytes) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** Bytes held, about. */
  long bytes() {
    synchronized (blocks) {
      return bytes;
    }
  }
}
