package org.trainyard.dataprep.synthesize.kernel;

import java.util.Arrays;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * A buffer between producers and a trainer that mixes fresh samples with older ones. It holds
 * numbers of samples; what they stand for lies with the caller, by slot.
 *
 * <ul>
 *   <li>{@link #put} takes a free slot, else that of a random sample that was drawn before; while
 *       none was, it takes nothing, and the producer has to wait: no sample is lost unseen.
 *   <li>{@link #draw} hands out any sample with equal chance, and it counts as seen from then on.
 * </ul>
 *
 * <p>This is not classic reservoir sampling: samples do not stay with equal chance. If every {@code
 * b} draws are followed by {@code f} puts into a full buffer, then in the long run a share {@code
 * f/b} of the draws is fresh and a sample is drawn {@code b/f} times on average.
 *
 * <p>Every operation takes O(1) and depends on the seed and the operations before it alone. Memory:
 * 12 bytes a slot.
 *
 * @see <a href="https://arxiv.org/abs/2306.16133">Training Deep Surrogate Models with Large Scale
 *     Online Learning</a>
 */
public final class Reservoir {
  /** What {@link #put} gives while every sample is unseen. */
  public static final int BLOCKED = -1;

  private static final long STRIDE = 0x9E3779B97F4A7C15L;
  private final long[] samples;

  /** Slots: the seen ones first, then the unseen, then the free. */
  private final int[] order;

  private long state;
  private int seen;
  private int size;
  private long fresh;

  /**
   * @param capacity samples that it holds, at least 1
   */
  public Reservoir(int capacity, long seed) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "A reservoir holds at least 1 sample, but has room for " + capacity);
    }
    samples = new long[capacity];
    order = new int[capacity];
    for (int at = 0; at < capacity; at++) {
      order[at] = at;
    }
    state = seed;
  }

  /**
   * Takes a sample in, if there is room.
   *
   * @return its slot, or {@link #BLOCKED}
   */
  public int put(long sample) {
    int slot;
    if (size < samples.length) {
      slot = order[size++];
    } else if (seen > 0) {
      slot = swap(random(seen), --seen);
    } else {
      return BLOCKED;
    }
    samples[slot] = sample;
    return slot;
  }

  /**
   * Hands out a sample, which stays.
   *
   * @return its slot
   * @throws IllegalStateException if it is empty
   */
  public int draw() {
    if (size == 0) {
      throw new IllegalStateException("A reservoir that is empty has nothing to draw");
    }
    int at = random(size);
    if (at < seen) {
      return order[at];
    }
    fresh++;
    return swap(at, seen++);
  }

  /** Exchanges two places of the order; returns the slot that was at the first. */
  private int swap(int one, int other) {
    int slot = order[one];
    order[one] = order[other];
    order[other] = slot;
    return slot;
  }

  private int random(int bound) {
    state += STRIDE;
    return (int) ((Permutation.mix(state) >>> 33) * bound >>> 31);
  }

  /** The sample that lies in a slot. */
  public long sample(int slot) {
    return samples[slot];
  }

  /** The slots that hold a sample, in no particular order. */
  public int[] slots() {
    return Arrays.copyOf(order, size);
  }

  /** Samples that it holds. */
  public int size() {
    return size;
  }

  /** Samples that it holds and that were drawn. */
  public int seen() {
    return seen;
  }

  /** Samples that were ever drawn, each counted once. */
  public long fresh() {
    return fresh;
  }
}
