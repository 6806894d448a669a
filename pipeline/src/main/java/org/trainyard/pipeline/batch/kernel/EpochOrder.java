package org.trainyard.pipeline.batch.kernel;

import java.util.Arrays;

/**
 * The order in which a shard's batches are handed out in one epoch: blocks in a seeded order, and
 * the rows of each block in a seeded order. O(blocks) to make, O(log blocks) to look up; it takes 8
 * bytes a block and the order of one block's rows, which is drawn when it is asked for. Used by one
 * thread.
 */
public final class EpochOrder {
  private final boolean shuffled;
  private final long seed;
  private final Permutation blocks;
  private final long[] starts;
  private int drawn = -1;
  private Permutation rows = new Permutation(0, 0);

  /**
   * Where a batch lies.
   *
   * @param block index of the block
   * @param row index within the block
   */
  public record Place(int block, int row) {}

  private EpochOrder(boolean shuffled, int[] sizes, long seed) {
    this.shuffled = shuffled;
    this.seed = seed;
    this.blocks = new Permutation(shuffled ? sizes.length : 0, seed);
    this.starts = new long[sizes.length + 1];
    for (int at = 0; at < sizes.length; at++) {
      starts[at + 1] = starts[at] + sizes[block(at)];
    }
  }

  /**
   * An order of its own for each seed, shard and epoch.
   *
   * @param sizes rows of each block, shape [b]
   */
  public static EpochOrder shuffled(int[] sizes, long seed, int shard, long epoch) {
    return new EpochOrder(true, sizes, derive(derive(seed, shard), epoch));
  }

  /** Blocks and rows as they stand. */
  public static EpochOrder inOrder(int[] sizes) {
    return new EpochOrder(false, sizes, 0);
  }

  private static long derive(long seed, long part) {
    return Permutation.mix(seed + 0x9E3779B97F4A7C15L * (part + 1));
  }

  private int block(int turn) {
    return shuffled ? (int) blocks.at(turn) : turn;
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
    int turn = turn(position);
    long row = position - starts[turn];
    int block = block(turn);
    if (!shuffled) {
      return new Place(block, (int) row);
    }
    if (drawn != turn) {
      rows = new Permutation(starts[turn + 1] - starts[turn], derive(seed, block));
      drawn = turn;
    }
    return new Place(block, (int) rows.at(row));
  }

  /**
   * Where the block of a position ends: the position of the next block's first batch, or {@link
   * #size}.
   *
   * @param position 0 to size - 1
   */
  public long endOfBlock(long position) {
    return starts[turn(position) + 1];
  }

  /**
   * Which block is read at a position of the epoch.
   *
   * @param position 0 to size - 1
   */
  public int blockAt(long position) {
    return block(turn(position));
  }

  private int turn(long position) {
    if (position < 0 || position >= size()) {
      throw new IndexOutOfBoundsException("position %d of %d".formatted(position, size()));
    }
    int found = Arrays.binarySearch(starts, position);
    int at = found >= 0 ? found : -found - 2;
    while (starts[at + 1] == starts[at]) {
      at++;
    }
    return at;
  }
}
