package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/**
 * Cuts UTF-8 into tokens by replaying merges: in each piece, the earliest-learnt merge that applies
 * is done first, until none applies. Remembers the pieces it has cut, up to {@value #MOST_PIECES};
 * not thread-safe.
 */
public final class MergeEncoder {
  private static final int MOST_PIECES = 1 << 16;
  private final Merges merges;
  private final int[] ids = new int[4 * Pieces.LONGEST_RUN + 1];
  private final int[] next = new int[4 * Pieces.LONGEST_RUN + 1];

  private final int[] starts = new int[MOST_PIECES * 2];
  private final int[] lengths = new int[MOST_PIECES * 2];
  private final int[] tokenStarts = new int[MOST_PIECES * 2];
  private final int[] tokenCounts = new int[MOST_PIECES * 2];
  private byte[] pieces = new byte[1 << 16];
  private int[] tokens = new int[1 << 16];
  private int piecesSize;
  private int tokensSize;
  private int remembered;

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
        piece(text, from, to, out);
      }
      from = to;
    }
  }

  private void piece(byte[] text, int from, int to, TokenBuffer out) {
    int slot = slot(text, from, to);
    if (lengths[slot] == 0) {
      int count = cut(text, from, to);
      slot = remember(slot, text, from, to, count);
    }
    int end = from;
    for (int at = 0; at < tokenCounts[slot]; at++) {
      int id = tokens[tokenStarts[slot] + at];
      end += merges.bytes(id).length;
      out.add(id, end);
    }
  }

  private int slot(byte[] text, int from, int to) {
    int mask = lengths.length - 1;
    int slot = Slices.hash(text, from, to) & mask;
    while (lengths[slot] != 0
        && !Arrays.equals(pieces, starts[slot], starts[slot] + lengths[slot], text, from, to)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int remember(int free, byte[] text, int from, int to, int count) {
    int slot = free;
    if (remembered == MOST_PIECES) {
      Arrays.fill(lengths, 0);
      remembered = 0;
      piecesSize = 0;
      tokensSize = 0;
      slot = slot(text, from, to);
    }
    int length = to - from;
    if (piecesSize + length > pieces.length) {
      pieces = Arrays.copyOf(pieces, pieces.length * 2);
    }
    if (tokensSize + count > tokens.length) {
      tokens = Arrays.copyOf(tokens, tokens.length * 2);
    }
    System.arraycopy(text, from, pieces, piecesSize, length);
    System.arraycopy(ids, 0, tokens, tokensSize, count);
    starts[slot] = piecesSize;
    lengths[slot] = length;
    tokenStarts[slot] = tokensSize;
    tokenCounts[slot] = count;
    piecesSize += length;
    tokensSize += count;
    remembered++;
    return slot;
  }

  /** Leaves the tokens of a piece in {@link #ids} and says how many. */
  private int cut(byte[] text, int from, int to) {
    int size = to - from;
    for (int at = 0; at < size; at++) {
      ids[at] = Merges.FIRST_BYTE + (text[from + at] & 0xFF);
    }
    for (int at = 0; at + 1 < size; at++) {
      next[at] = merges.merged(ids[at], ids[at + 1]);
    }
    while (size > 1) {
      int best = 0;
      for (int at = 1; at + 1 < size; at++) {
        if (next[at] < next[best]) {
          best = at;
        }
      }
      if (next[best] == PairTable.NONE) {
        break;
      }
      ids[best] = next[best];
      int moved = size - best - 2;
      System.arraycopy(ids, best + 2, ids, best + 1, moved);
      System.arraycopy(next, best + 2, next, best + 1, moved);
      size--;
      if (best > 0) {
        next[best - 1] = merges.merged(ids[best - 1], ids[best]);
      }
      if (best + 1 < size) {
        next[best] = merges.merged(ids[best], ids[best + 1]);
      }
    }
    return size;
  }
}
