package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/**
 * The tokens of one document: ids, and where each ends in the document's UTF-8. Filled by an
 * encoder, reused for the next document.
 */
public final class TokenBuffer {
  private int[] ids = new int[256];
  private int[] ends = new int[256];
  private int size;

  /** Empties it, keeping its arrays. */
  public void clear() {
    size = 0;
  }

  /**
   * Appends a token.
   *
   * @param end bytes of the document up to and with this token
   */
  public void add(int id, int end) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    ids[size] = id;
    ends[size++] = end;
  }

  /** Number of tokens. */
  public int size() {
    return size;
  }

  /** A copy of the ids {@code from} (inclusive) to {@code to} (exclusive). */
  public int[] ids(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  /** A copy of all ids. */
  public int[] ids() {
    return ids(0, size);
  }

  /**
   * Bytes of UTF-8 that the tokens {@code from} (inclusive) to {@code to} (exclusive) stand for.
   */
  public int bytes(int from, int to) {
    return from == to ? 0 : ends[to - 1] - (from == 0 ? 0 : ends[from - 1]);
  }

  /** How often an id occurs among the tokens {@code from} (inclusive) to {@code to} (exclusive). */
  public int count(int id, int from, int to) {
    int found = 0;
    for (int at = from; at < to; at++) {
      found += ids[at] == id ? 1 : 0;
    }
    return found;
  }
}
