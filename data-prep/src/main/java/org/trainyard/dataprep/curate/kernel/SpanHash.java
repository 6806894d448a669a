package org.trainyard.dataprep.curate.kernel;

import java.util.Arrays;

/**
 * Polynomial hashes of spans of code points modulo the prime 2^61 - 1, which can be joined: the
 * hash of two spans one after the other follows from theirs.
 *
 * <p>For a base drawn at random, two different spans of at most L code points collide with
 * probability at most L / 2^61; the base here is fixed, so that results are the same on every
 * machine.
 *
 * @see <a href="https://doi.org/10.1147/rd.312.0249">Karp and Rabin 1987, Efficient randomized
 *     pattern-matching algorithms</a>
 */
final class SpanHash {
  private static final long PRIME = (1L << 61) - 1;
  private static final long BASE = 0x0B2A5C1E9D37F8A5L;

  private long[] powers = {1};

  /** The hash of nothing. */
  static final long EMPTY = 0;

  /** The hash of a span with one code point added at its end. */
  static long append(long hash, int codePoint) {
    return reduce(multiply(hash, BASE) + codePoint + 1);
  }

  /** The hash of code points {@code from} to {@code to - 1} of a text. */
  static long of(CodePoints text, int from, int to) {
    long hash = EMPTY;
    for (int i = from; i < to; i++) {
      hash = append(hash, text.at(i));
    }
    return hash;
  }

  /**
   * The hash of what stands between two prefixes of one sequence.
   *
   * @param longer hash of the longer prefix
   * @param shorter hash of the shorter
   * @param length how many code points the longer has more
   */
  long between(long longer, long shorter, int length) {
    return reduce(longer + PRIME - multiply(shorter, power(length)));
  }

  private long power(int exponent) {
    if (exponent >= powers.length) {
      int known = powers.length;
      powers = Arrays.copyOf(powers, Math.max(exponent + 1, 2 * known));
      for (int i = known; i < powers.length; i++) {
        powers[i] = multiply(powers[i - 1], BASE);
      }
    }
    return powers[exponent];
  }

  /** The product of two numbers below 2^61 - 1, modulo it. */
  static long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return reduce((low & PRIME) + ((low >>> 61) | (high << 3)));
  }

  private static long reduce(long value) {
    long folded = (value & PRIME) + (value >>> 61);
    return folded >= PRIME ? folded - PRIME : folded;
  }
}
