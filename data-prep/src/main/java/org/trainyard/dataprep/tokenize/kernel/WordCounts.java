package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/**
 * Counts the pieces of texts in a table of bounded size: what a task adds up before it sends
 * anything. 30 to 60 bytes a word beside its own.
 */
public final class WordCounts {
  private final Slices words = new Slices();
  private long[] counts = new long[1 << 12];

  /** Different words held. */
  public int size() {
    return words.size();
  }

  /** Bytes of all words held. */
  public int bytes() {
    return words.bytes();
  }

  /**
   * Counts each {@linkplain Pieces piece} of at least two bytes; shorter ones hold no pair.
   *
   * @param text well-formed UTF-8
   */
  public void addPieces(byte[] text) {
    for (int from = 0; from < text.length; ) {
      int to = Pieces.end(text, from, text.length);
      if (to - from > 1) {
        add(text, from, to, 1);
      }
      from = to;
    }
  }

  /** Adds to the count of a word. */
  public void add(byte[] text, int from, int to, long count) {
    int word = words.find(text, from, to);
    if (word == Slices.NONE) {
      word = words.add(text, from, to);
      if (word == counts.length) {
        counts = Arrays.copyOf(counts, word * 2);
      }
      counts[word] = 0;
    }
    counts[word] += count;
  }

  /** A copy of a word, by number 0 to {@link #size} - 1. */
  public byte[] word(int number) {
    return Arrays.copyOfRange(words.pool(), words.start(number), words.start(number + 1));
  }

  /** How often a word was counted. */
  public long count(int number) {
    return counts[number];
  }

  /** Forgets all words, keeping its memory. */
  public void clear() {
    words.clear();
  }
}
