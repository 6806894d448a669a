package org.trainyard.training.round;

import java.util.Optional;
import java.util.function.Supplier;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;

/** An open feed, and the time that is spent waiting for it. */
final class Waiting implements Feed.Cursor {
  private static final double NANOS = 1e9;
  private final long opened = System.nanoTime();
  private final Feed.Cursor feed;
  private long waited;

  private Waiting(Supplier<Feed.Cursor> opener) {
    this.feed = opener.get();
    this.waited = System.nanoTime() - opened;
  }

  /** Opens a feed; that too is waiting. */
  static Waiting open(Supplier<Feed.Cursor> opener) {
    return new Waiting(opener);
  }

  @Override
  public Optional<Batch> next() {
    long asked = System.nanoTime();
    try {
      return feed.next();
    } finally {
      waited += System.nanoTime() - asked;
    }
  }

  /** The feed itself. */
  Feed.Cursor feed() {
    return feed;
  }

  /** Seconds waited so far. */
  double waited() {
    return waited / NANOS;
  }

  /** Seconds since it was opened. */
  double seconds() {
    return (System.nanoTime() - opened) / NANOS;
  }

  @Override
  public void close() {
    feed.close();
  }
}
