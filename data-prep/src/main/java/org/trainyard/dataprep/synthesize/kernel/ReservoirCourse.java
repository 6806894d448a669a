package org.trainyard.dataprep.synthesize.kernel;

/**
 * What happens in a shard's reservoir, batch after batch, told by numbers of samples alone: before
 * each batch so many fresh samples are offered, until one is blocked; then the batch is drawn. A
 * course can be gone through without making any sample, which is how a feed finds the state at any
 * position: about 20 ns for each draw.
 */
public final class ReservoirCourse {

  /** Told of each sample that is taken in. */
  @FunctionalInterface
  public interface Taken {
    /** The next sample goes to this slot. */
    void into(int slot);
  }

  private final Reservoir reservoir;
  private final int threshold;
  private final int fresh;
  private final int batchSize;
  private long next;
  private long blocked;
  private long batches;

  /**
   * @param capacity samples that the reservoir holds
   * @param threshold samples that must be there before the first batch, 1 to capacity
   * @param fresh samples offered before each batch
   * @param batchSize samples drawn for each batch
   */
  public ReservoirCourse(int capacity, int threshold, int fresh, int batchSize, long seed) {
    this.reservoir = new Reservoir(capacity, seed);
    this.threshold = threshold;
    this.fresh = fresh;
    this.batchSize = batchSize;
  }

  /**
   * Goes on by a batch.
   *
   * @param slots receives the slots that were drawn, shape [batchSize]
   */
  public void batch(int[] slots, Taken taken) {
    while (reservoir.size() < threshold) {
      offer(taken);
    }
    for (int offered = 0; offered < fresh; offered++) {
      if (!offer(taken)) {
        blocked++;
        break;
      }
    }
    for (int at = 0; at < batchSize; at++) {
      slots[at] = reservoir.draw();
    }
    batches++;
  }

  private boolean offer(Taken taken) {
    int slot = reservoir.put(next);
    if (slot == Reservoir.BLOCKED) {
      return false;
    }
    next++;
    taken.into(slot);
    return true;
  }

  /** Goes on to a batch without making samples. */
  public void skipTo(long batch) {
    int[] slots = new int[batchSize];
    while (batches < batch) {
      batch(slots, slot -> {});
    }
  }

  /** The reservoir as it stands. */
  public Reservoir reservoir() {
    return reservoir;
  }

  /** Number of the sample that is taken in next; so many were taken in before. */
  public long next() {
    return next;
  }

  /** Batches before which producers had to wait. */
  public long blocked() {
    return blocked;
  }
}
