package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/** Counted byte strings in one flat pool: 12 bytes a word beside its own. */
public final class WordList {
  private byte[] pool = new byte[1 << 12];
  private int[] ends = new int[1 << 8];
  private long[] counts = new long[1 << 8];
  private int size;

  /** Appends the word {@code text[from, to)}, which the list must not hold yet. */
  public void add(byte[] text, int from, int to, long count) {
    int start = start(size);
    int end = Math.addExact(start, to - from);
    if (end > pool.length) {
      pool = Arrays.copyOf(pool, (int) Math.max(Math.min(pool.length * 2L, 1 << 30), end));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    System.arraycopy(text, from, pool, start, to - from);
    ends[size] = end;
    counts[size++] = count;
  }

  /** Appends a word, which the list must not hold yet. */
  public void add(byte[] word, long count) {
    add(word, 0, word.length, count);
  }

  /** Number of words. */
  public int size() {
    return size;
  }

  /** Bytes of all words. */
  public int bytes() {
    return start(size);
  }

  /** Sum of all counts. */
  public long total() {
    return Arrays.stream(counts, 0, size).sum();
  }

  /** Where a word starts in {@link #pool}; it ends where the next one starts. */
  int start(int word) {
    return word == 0 ? 0 : ends[word - 1];
  }

  /** How often a word occurs. */
  public long count(int word) {
    return counts[word];
  }

  /** A copy of a word. */
  public byte[] word(int word) {
    return Arrays.copyOfRange(pool, start(word), start(word + 1));
  }

  /** The bytes of all words; not copied. */
  byte[] pool() {
    return pool;
  }
}
