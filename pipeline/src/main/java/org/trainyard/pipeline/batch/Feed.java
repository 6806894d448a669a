package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.util.Optional;

/**
 * Hands out batches by shard, in an order fixed by the epoch. Sent to executors and opened there.
 * Any position is a seek: nothing before it is read.
 */
public interface Feed extends Serializable {

  /** Number of shards: the unit of identity of a training run, fixed by settings. */
  int shards();

  /** Batches that a shard hands out in an epoch; 0 for an empty shard. */
  long batches(int shard, long epoch);

  /**
   * Factor on the learning rate in an epoch: larger batches may ask for a larger one.
   *
   * @return above 0
   */
  default double rate(long epoch) {
    return 1;
  }

  /**
   * Opens a shard.
   *
   * @param from the first batch of the epoch to hand out, 0 to {@link #batches}
   */
  Cursor open(int shard, long epoch, long from);

  /** A position in one shard. Used by one thread. */
  interface Cursor extends AutoCloseable {
    /** The next batch of the epoch, or nothing at its end. */
    Optional<Batch> next();

    @Override
    void close();
  }
}
