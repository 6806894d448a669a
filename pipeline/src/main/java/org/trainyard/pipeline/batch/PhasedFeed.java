package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.trainyard.pipeline.batch.kernel.EvenMix;

/**
 * Several feeds in turn, by epoch. Which one an epoch belongs to is reckoned from its number, and
 * where each of several that are mixed stands from the position, so any position is a seek.
 */
final class PhasedFeed implements Feed {
  private static final long serialVersionUID = 1;

  /**
   * Epochs of one kind.
   *
   * @param feeds whose batches it hands out, all of each in every epoch, evenly mixed; at least one
   * @param epochs how many, at least 1
   * @param rate factor on the learning rate
   */
  record Phase(List<Feed> feeds, int epochs, double rate) implements Serializable {
    Phase {
      feeds = List.copyOf(feeds);
    }
  }

  private final List<Phase> phases;
  private final int cycles;
  private final long cycle;

  /**
   * @param phases in their order, all of as many shards
   * @param cycles how often the phases follow one another; the last one then goes on
   */
  PhasedFeed(List<Phase> phases, int cycles) {
    this.phases = List.copyOf(phases);
    this.cycles = cycles;
    this.cycle = phases.stream().mapToLong(Phase::epochs).sum();
  }

  /** Index of the phase that an epoch belongs to. */
  int phase(long epoch) {
    if (epoch >= cycles * cycle) {
      return phases.size() - 1;
    }
    long left = epoch % cycle;
    int at = 0;
    while (left >= phases.get(at).epochs()) {
      left -= phases.get(at++).epochs();
    }
    return at;
  }

  private Phase at(long epoch) {
    return phases.get(phase(epoch));
  }

  @Override
  public int shards() {
    return phases.get(0).feeds().get(0).shards();
  }

  @Override
  public long batches(int shard, long epoch) {
    return at(epoch).feeds().stream().mapToLong(feed -> feed.batches(shard, epoch)).sum();
  }

  @Override
  public double rate(long epoch) {
    return at(epoch).rate();
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    List<Feed> feeds = at(epoch).feeds();
    if (feeds.size() == 1) {
      return feeds.get(0).open(shard, epoch, from);
    }
    long[] sizes = feeds.stream().mapToLong(feed -> feed.batches(shard, epoch)).toArray();
    EvenMix mix = new EvenMix(sizes, from);
    List<Cursor> cursors = new ArrayList<>();
    for (int at = 0; at < sizes.length; at++) {
      cursors.add(feeds.get(at).open(shard, epoch, mix.taken(at)));
    }
    return new Mixed(mix, cursors, batches(shard, epoch) - from);
  }

  private static final class Mixed implements Cursor {
    private final EvenMix mix;
    private final List<Cursor> cursors;
    private long left;

    Mixed(EvenMix mix, List<Cursor> cursors, long left) {
      this.mix = mix;
      this.cursors = cursors;
      this.left = left;
    }

    @Override
    public Optional<Batch> next() {
      if (left == 0) {
        return Optional.empty();
      }
      left--;
      return cursors.get(mix.next()).next();
    }

    @Override
    public void close() {
      cursors.forEach(Cursor::close);
      left = 0;
    }
  }
}
