package org.trainyard.pipeline.batch.kernel;

import java.io.Serializable;

/**
 * A seeded permutation of {@code 0 … size-1}. Up to {@value #TABLE} values it is drawn outright,
 * each order with equal chance; above, every value is computed on its own, in O(1) memory: Feistel
 * rounds over the next even power of two, walked until the value falls inside. (Over a handful of
 * values such rounds are far from even, which is why those are drawn.)
 *
 * <p>Expected evaluations per value: at most 4. Not meant for secrets.
 *
 * @see <a href="https://doi.org/10.1007/3-540-45760-7_9">Black and Rogaway 2002, Ciphers with
 *     Arbitrary Finite Domains</a> (cycle walking)
 */
public final class Permutation implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int TABLE = 4096;
  private static final int ROUNDS = 6;
  private static final long STRIDE = 0x9E3779B97F4A7C15L;
  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] keys = new long[ROUNDS];
  private final short[] table;

  /**
   * @param size number of values, 0 to 2^62
   * @param seed the same seed gives the same permutation on every machine
   */
  public Permutation(long size, long seed) {
    if (size < 0 || size > 1L << 62) {
      throw new IllegalArgumentException("size must be 0 to 2^62, but is " + size);
    }
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(size - 1, 1));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
    long state = seed;
    for (int round = 0; round < ROUNDS; round++) {
      state += STRIDE;
      keys[round] = mix(state);
    }
    table = size <= TABLE ? drawn((int) size, state) : new short[0];
  }

  /** Fisher and Yates' shuffle. */
  private static short[] drawn(int size, long seed) {
    short[] values = new short[size];
    long state = seed;
    for (int at = 0; at < size; at++) {
      state += STRIDE;
      int from = (int) Long.remainderUnsigned(mix(state), at + 1);
      values[at] = values[from];
      values[from] = (short) at;
    }
    return values;
  }

  /** Number of values. */
  public long size() {
    return size;
  }

  /**
   * Where the permutation sends a value.
   *
   * @param index 0 to size - 1
   * @return 0 to size - 1
   */
  public long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index %d of %d".formatted(index, size));
    }
    if (size <= TABLE) {
      return table[(int) index];
    }
    long value = index;
    do {
      value = shuffle(value);
    } while (value >= size);
    return value;
  }

  private long shuffle(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (long key : keys) {
      long next = left ^ (mix(right + key) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  /** The finaliser of SplitMix64: every input bit reaches every output bit. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
