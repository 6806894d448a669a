package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/**
 * Cuts UTF-8 into tokens by replaying merges: in each piece, the earliest-learnt merge that applies
 * is done first, the leftmost of equal ones, until none applies. Remembers the pieces it has cut,
 * up to {@value #MOST_PIECES} and {@value #MOST_BYTES} bytes; allocates nothing once its memory is
 * full. Not thread-safe.
 *
 * <p>A short piece is cut by looking for the earliest merge anew after each one, which is quadratic
 * but has no overhead; one of more than {@value #LONGEST_SCAN} bytes by a heap of merges.
 */
public final class MergeEncoder {
  private static final int MOST_PIECES = 1 << 16;
  private static final int MOST_BYTES = 1 << 21;
  private static final int LONGEST_SCAN = 40;
  private static final int LONGEST = 4 * Pieces.LONGEST_RUN + 1;

  private final Merges merges;
  private final int[] ids = new int[LONGEST];

  /** Of a scanned piece: the token that each symbol and its neighbour merge into. */
  private final int[] merged = new int[LONGEST];

  private final int[] after = new int[LONGEST];
  private final int[] before = new int[LONGEST];
  private final long[] heap = new long[3 * LONGEST];
  private int heapSize;

  private final Slices pieces = new Slices();
  private final int[] starts = new int[MOST_PIECES + 1];
  private int[] tokens = new int[1 << 16];

  /** Makes an encoder that has seen nothing yet. */
  public MergeEncoder(Merges merges) {
    this.merges = merges;
  }

  /**
   * Appends the tokens of a text.
   *
   * @param text well-formed UTF-8
   */
  public void encode(byte[] text, TokenBuffer out) {
    for (int from = 0; from < text.length; ) {
      int to = Pieces.end(text, from, text.length);
      if (to == from + 1) {
        out.add(Merges.FIRST_BYTE + (text[from] & 0xFF), to);
      } else {
        int piece = pieces.find(text, from, to);
        if (piece == Slices.NONE) {
          piece = remember(text, from, to);
        }
        int end = from;
        for (int at = starts[piece]; at < starts[piece + 1]; at++) {
          end += merges.length(tokens[at]);
          out.add(tokens[at], end);
        }
      }
      from = to;
    }
  }

  private int remember(byte[] text, int from, int to) {
    if (pieces.size() == MOST_PIECES || pieces.bytes() + to - from > MOST_BYTES) {
      pieces.clear();
    }
    int count = cut(text, from, to);
    int piece = pieces.add(text, from, to);
    int start = starts[piece];
    if (start + count > tokens.length) {
      tokens = Arrays.copyOf(tokens, tokens.length * 2);
    }
    System.arraycopy(ids, 0, tokens, start, count);
    starts[piece + 1] = start + count;
    return piece;
  }

  /** Leaves the tokens of a piece in {@link #ids} and says how many. */
  int cut(byte[] text, int from, int to) {
    int size = to - from;
    for (int at = 0; at < size; at++) {
      ids[at] = Merges.FIRST_BYTE + (text[from + at] & 0xFF);
    }
    return size <= LONGEST_SCAN ? scan(size) : drain(size);
  }

  private int scan(int bytes) {
    int size = bytes;
    for (int at = 0; at + 1 < size; at++) {
      merged[at] = merges.merged(ids[at], ids[at + 1]);
    }
    while (size > 1) {
      int best = 0;
      for (int at = 1; at + 1 < size; at++) {
        if (merged[at] < merged[best]) {
          best = at;
        }
      }
      if (merged[best] == PairTable.NONE) {
        break;
      }
      ids[best] = merged[best];
      int moved = size - best - 2;
      System.arraycopy(ids, best + 2, ids, best + 1, moved);
      System.arraycopy(merged, best + 2, merged, best + 1, moved);
      size--;
      if (best > 0) {
        merged[best - 1] = merges.merged(ids[best - 1], ids[best]);
      }
      if (best + 1 < size) {
        merged[best] = merges.merged(ids[best], ids[best + 1]);
      }
    }
    return size;
  }

  /**
   * The same by a heap of (token that comes of it, place of its first half): a lower token is an
   * earlier merge. What the heap holds of symbols that have changed since is passed over.
   */
  private int drain(int size) {
    heapSize = 0;
    for (int at = 0; at < size; at++) {
      before[at] = at - 1;
      after[at] = at + 1;
      if (at + 1 < size) {
        offer(at, at + 1);
      }
    }
    while (heapSize > 0) {
      int token = (int) (heap[0] >>> 32);
      int at = (int) heap[0];
      remove();
      int second = after[at];
      if (ids[at] < 0 || second >= size || merges.merged(ids[at], ids[second]) != token) {
        continue;
      }
      ids[at] = token;
      ids[second] = -1;
      after[at] = after[second];
      if (after[at] < size) {
        before[after[at]] = at;
        offer(at, after[at]);
      }
      if (before[at] >= 0) {
        offer(before[at], at);
      }
    }
    int count = 0;
    for (int at = 0; at < size; at = after[at]) {
      ids[count++] = ids[at];
    }
    return count;
  }

  private void offer(int first, int second) {
    int token = merges.merged(ids[first], ids[second]);
    if (token == PairTable.NONE) {
      return;
    }
    long entry = (long) token << 32 | first;
    int at = heapSize++;
    while (at > 0 && entry < heap[at - 1 >>> 1]) {
      heap[at] = heap[at - 1 >>> 1];
      at = at - 1 >>> 1;
    }
    heap[at] = entry;
  }

  private void remove() {
    long entry = heap[--heapSize];
    int at = 0;
    for (int child = 1; child < heapSize; child = 2 * at + 1) {
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (entry <= heap[child]) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = entry;
  }
}
