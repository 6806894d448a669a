package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/** Counts byte strings in a table of bounded size: what a task adds up before it sends anything. */
public final class WordCounts {
  private byte[] pool = new byte[1 << 16];
  private int poolSize;
  private int[] starts;
  private int[] ends;
  private long[] counts;
  private int size;

  /** Takes a word with its count. */
  public interface Sink {
    /** Takes a word with its count. */
    void accept(byte[] word, long count);
  }

  /** Makes an empty table. */
  public WordCounts() {
    allocate(1 << 12);
  }

  private void allocate(int slots) {
    starts = new int[slots];
    ends = new int[slots];
    counts = new long[slots];
  }

  /** Different words held. */
  public int size() {
    return size;
  }

  /** Adds to the count of a word. */
  public void add(byte[] text, int from, int to, long count) {
    int slot = slot(text, from, to);
    if (counts[slot] == 0) {
      if (size * 2 >= counts.length) {
        grow();
        slot = slot(text, from, to);
      }
      starts[slot] = poolSize;
      ends[slot] = append(text, from, to);
      size++;
    }
    counts[slot] += count;
  }

  private int append(byte[] text, int from, int to) {
    int length = to - from;
    if (poolSize + length > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(pool.length * 2, poolSize + length));
    }
    System.arraycopy(text, from, pool, poolSize, length);
    poolSize += length;
    return poolSize;
  }

  private int slot(byte[] text, int from, int to) {
    int mask = counts.length - 1;
    int slot = Slices.hash(text, from, to) & mask;
    while (counts[slot] != 0 && !Arrays.equals(pool, starts[slot], ends[slot], text, from, to)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldStarts = starts;
    int[] oldEnds = ends;
    long[] oldCounts = counts;
    allocate(oldCounts.length * 2);
    for (int old = 0; old < oldCounts.length; old++) {
      if (oldCounts[old] != 0) {
        int slot = slot(pool, oldStarts[old], oldEnds[old]);
        starts[slot] = oldStarts[old];
        ends[slot] = oldEnds[old];
        counts[slot] = oldCounts[old];
      }
    }
  }

  /** Hands out all words, in no order, and empties the table. */
  public void drain(Sink sink) {
    for (int slot = 0; slot < counts.length; slot++) {
      if (counts[slot] != 0) {
        sink.accept(Arrays.copyOfRange(pool, starts[slot], ends[slot]), counts[slot]);
      }
    }
    Arrays.fill(counts, 0);
    poolSize = 0;
    size = 0;
  }
}
