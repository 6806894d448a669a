package org.trainyard.pipeline.batch;

import java.util.Optional;

/**
 * A feed whose example weights fade to one: by the share of the fading that is done, which follows
 * from epoch and position alone, so any position is a seek.
 */
final class FadedFeed implements Feed {
  private static final long serialVersionUID = 1;
  private final Feed feed;
  private final double epochs;

  /**
   * @param epochs by whose end all weights are one; 0: at once
   */
  FadedFeed(Feed feed, double epochs) {
    this.feed = feed;
    this.epochs = epochs;
  }

  @Override
  public int shards() {
    return feed.shards();
  }

  @Override
  public long batches(int shard, long epoch) {
    return feed.batches(shard, epoch);
  }

  @Override
  public double rate(long epoch) {
    return feed.rate(epoch);
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    Cursor cursor = feed.open(shard, epoch, from);
    double batches = feed.batches(shard, epoch);
    return new Cursor() {
      private long next = from;

      @Override
      public Optional<Batch> next() {
        return cursor.next().map(batch -> faded(batch, share(epoch + next++ / batches)));
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  /**
   * How far weights are on their way to one, 0 to 1.
   *
   * @param gone epochs, and the part of one
   */
  private double share(double gone) {
    return gone >= epochs ? 1 : gone / epochs;
  }

  private static Batch faded(Batch batch, double share) {
    float[] weights = batch.weights().clone();
    for (int at = 0; at < weights.length; at++) {
      weights[at] = (float) (weights[at] * (1 - share) + share);
    }
    return new Batch(batch.exampleIds(), batch.groupIds(), weights, batch.tensors());
  }
}
