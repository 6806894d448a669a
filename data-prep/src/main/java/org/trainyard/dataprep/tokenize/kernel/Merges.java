package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A byte-level vocabulary: special tokens, the 256 bytes, and tokens made of two earlier ones. Ids
 * are {@value #PAD} for padding, {@value #BEGIN} for the begin of an example, {@value #FIRST_BYTE}
 * + byte, then merges in the order in which they were learnt, so a lower id is an earlier merge.
 */
public final class Merges implements Serializable {
  private static final long serialVersionUID = 1;

  /** Id of padding. */
  public static final int PAD = 0;

  /** Id of the begin of an example. */
  public static final int BEGIN = 1;

  /** Id of byte 0. */
  public static final int FIRST_BYTE = 2;

  /** Id of the first merge, and size of a vocabulary without any. */
  public static final int FIRST_MERGE = FIRST_BYTE + 256;

  private static final byte[] NOTHING = {};

  private final int[] left;
  private final int[] right;
  private final byte[][] bytes;
  private final int[] lengths;
  private final PairTable table;

  /**
   * @param left ids of first halves, shape [m]; entry k may name bytes and merges before k
   * @param right ids of second halves, shape [m]
   */
  public Merges(int[] left, int[] right) {
    this.left = left.clone();
    this.right = right.clone();
    bytes = new byte[FIRST_MERGE + left.length][];
    bytes[PAD] = NOTHING;
    bytes[BEGIN] = NOTHING;
    for (int value = 0; value < 256; value++) {
      bytes[FIRST_BYTE + value] = new byte[] {(byte) value};
    }
    table = new PairTable(left.length);
    for (int merge = 0; merge < left.length; merge++) {
      int id = FIRST_MERGE + merge;
      if (left[merge] >= id || right[merge] >= id) {
        throw new IllegalArgumentException("Merge %d names a later token".formatted(merge));
      }
      bytes[id] = concatenate(bytes[left[merge]], bytes[right[merge]]);
      table.put(left[merge], right[merge], id);
    }
    lengths = new int[bytes.length];
    for (int id = 0; id < lengths.length; id++) {
      lengths[id] = bytes[id].length;
    }
  }

  static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Number of merges. */
  public int size() {
    return left.length;
  }

  /** Number of ids. */
  public int vocabulary() {
    return bytes.length;
  }

  /** First half of a merge. */
  public int left(int merge) {
    return left[merge];
  }

  /** Second half of a merge. */
  public int right(int merge) {
    return right[merge];
  }

  /** What a token stands for; empty for special tokens. Not copied. */
  public byte[] bytes(int id) {
    return bytes[id];
  }

  /** How many bytes a token stands for. */
  int length(int id) {
    return lengths[id];
  }

  /** The token that two neighbours merge into; {@link PairTable#NONE} if they do not. */
  int merged(int first, int second) {
    return table.get(first, second);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Merges that
        && Arrays.equals(left, that.left)
        && Arrays.equals(right, that.right);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(left) + Arrays.hashCode(right);
  }
}
