package org.trainyard.evaluation.metric.kernel;

import java.nio.IntBuffer;
import java.util.Arrays;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;

/**
 * Counts pairs of what a model sees at a unit and what it must say there: for a language model the
 * token before and the target, for a classifier the class alone. Exactly the units that the model
 * is scored on are counted.
 *
 * <p>A hash table with open addressing, 12 bytes a slot, at most half full.
 */
public final class PairCounts {
  /** Context of a target that belongs to a whole example. */
  public static final int NO_CONTEXT = -1;

  private static final int FIRST_SLOTS = 1024;
  private static final long EMPTY = Long.MIN_VALUE;

  private long[] keys = empty(FIRST_SLOTS);
  private long[] counts = new long[FIRST_SLOTS];
  private int size;

  /** Takes a pair and how often it occurred. */
  @FunctionalInterface
  public interface Visitor {
    /** One pair. */
    void visit(int context, int target, long count);
  }

  private static long[] empty(int slots) {
    long[] keys = new long[slots];
    Arrays.fill(keys, EMPTY);
    return keys;
  }

  /** Number of different pairs. */
  public int size() {
    return size;
  }

  /**
   * Counts all real units of a batch.
   *
   * @param batch target INT32 {@code [n, t]} with input INT32 and mask UINT8 of the same shape, or
   *     target INT32 {@code [n]}
   */
  public void add(Batch batch) {
    Tensor target = batch.tensor(Batch.TARGET);
    IntBuffer targets = target.ints();
    if (target.shape().length == 1) {
      for (int i = 0; i < targets.limit(); i++) {
        add(NO_CONTEXT, targets.get(i), 1);
      }
      return;
    }
    IntBuffer contexts = batch.tensor(Batch.INPUT).ints();
    byte[] real = batch.has(Batch.MASK) ? batch.tensor(Batch.MASK).bytes() : new byte[0];
    for (int i = 0; i < targets.limit(); i++) {
      if (real.length == 0 || real[i] != 0) {
        add(contexts.get(i), targets.get(i), 1);
      }
    }
  }

  /** Counts a pair. */
  public void add(int context, int target, long count) {
    long key = (long) context << 32 | target & 0xFFFFFFFFL;
    int slot = slot(key);
    if (keys[slot] == EMPTY) {
      keys[slot] = key;
      size++;
    }
    counts[slot] += count;
    if (2 * size > keys.length) {
      grow();
    }
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & (keys.length - 1);
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldCounts = counts;
    keys = empty(2 * oldKeys.length);
    counts = new long[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  /** Hands out all pairs, in no order, and forgets them. */
  public void drain(Visitor visitor) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != EMPTY) {
        visitor.visit((int) (keys[i] >> 32), (int) keys[i], counts[i]);
      }
    }
    keys = empty(FIRST_SLOTS);
    counts = new long[FIRST_SLOTS];
    size = 0;
  }
}
