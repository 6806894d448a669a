package org.trainyard.training.round;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * A feed of batches that fit in memory: for tests, benchmarks and small data that a program made
 * itself. Batch b belongs to shard b mod shards; each epoch has a seeded order of its own.
 */
public final class MemoryFeed implements Feed {
  private static final long serialVersionUID = 1;
  private final List<Batch> batches;
  private final int shards;
  private final long seed;

  /**
   * @param batches travel to each executor once, with the plan
   * @param shards at least 1; those beyond the number of batches stay empty
   * @param seed of the order of each epoch
   */
  public MemoryFeed(List<Batch> batches, int shards, long seed) {
    if (shards < 1) {
      throw new IllegalArgumentException("A feed needs at least 1 shard, but has " + shards);
    }
    this.batches = List.copyOf(batches);
    this.shards = shards;
    this.seed = seed;
  }

  @Override
  public int shards() {
    return shards;
  }

  @Override
  public long batches(int shard, long epoch) {
    return (batches.size() - shard + shards - 1L) / shards;
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    long count = batches(shard, epoch);
    Permutation order = new Permutation(count, Permutation.mix(seed + epoch) + shard);
    Iterator<Batch> left =
        LongStream.range(from, count)
            .map(order::at)
            .mapToObj(index -> batches.get((int) (index * shards + shard)))
            .iterator();
    return new Cursor() {
      @Override
      public Optional<Batch> next() {
        return left.hasNext() ? Optional.of(left.next()) : Optional.empty();
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
