package org.trainyard.pipeline.batch.kernel;

import java.util.Arrays;

/**
 * The order in which a shard's batches are handed out in one epoch: blocks in a seeded order, and
 * the rows of each block in a seeded order. O(blocks) to make, O(log blocks) to look up.
 */
public final class EpochOrder {
  private final boolean shuffled;
  private final Permutation blocks;
  private final Permutation[] rows;
  private final long[] starts;

  /**
   * Where a batch lies.
   *
   * @param block index of the block
   * @param row index within the block
   */
  public record Place(int block, int row) {}

  private EpochOrder(boolean shuffled, Permutation blocks, Permutation[] rows, long[] starts) {
    this.shuffled = shuffled;
    this.blocks = blocks;
    this.rows = rows;
    this.starts = starts;
  }

  /**
   * An order of its own for each seed, shard and epoch.
   *
   * @param sizes rows of each block, shape [b]
   */
  public static EpochOrder shuffled(long[] sizes, long seed, int shard, long epoch) {
    long own = derive(derive(seed, shard), epoch);
    Permutation blocks = new Permutation(sizes.length, own);
    Permutation[] rows = new Permutation[sizes.length];
    long[] starts = new long[sizes.length + 1];
    for (int at = 0; at < sizes.length; at++) {
      int block = (int) blocks.at(at);
      rows[at] = new Permutation(sizes[block], derive(own, block));
      starts[at + 1] = starts[at] + sizes[block];
    }
    return new EpochOrder(true, blocks, rows, starts);
  }

  /** Blocks and rows as they stand. */
  public static EpochOrder inOrder(long[] sizes) {
    long[] starts = new long[sizes.length + 1];
    for (int at = 0; at < sizes.length; at++) {
      starts[at + 1] = starts[at] + sizes[at];
    }
    return new EpochOrder(false, new Permutation(0, 0), new Permutation[0], starts);
  }

  private static long derive(long seed, long part) {
    return Permutation.mix(seed + 0x9E3779B97F4A7C15L * (part + 1));
  }

  /** Batches in the epoch. */
  public long size() {
    return starts[starts.length - 1];
  }

  /**
   * Which batch comes at a position of the epoch.
   *
   * @param position 0 to size - 1
   */
  public Place at(long position) {
    if (position < 0 || position >= size()) {
      throw new IndexOutOfBoundsException("position %d of %d".formatted(position, size()));
    }
    int found = Arrays.binarySearch(starts, position);
    int at = found >= 0 ? found : -found - 2;
    while (starts[at + 1] == starts[at]) {
      at++;
    }
    long row = position - starts[at];
    return shuffled
        ? new Place((int) blocks.at(at), (int) rows[at].at(row))
        : new Place(at, (int) row);
  }
}
