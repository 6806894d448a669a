package org.trainyard.dataprep.batch.kernel;

import java.util.Random;

/** Long-tailed lengths: log-normal (5.6, 1.1), cut to 8 … 8192. */
final class Lengths {
  private Lengths() {}

  static int[] logNormal(int count, long seed) {
    Random random = new Random(seed);
    int[] lengths = new int[count];
    for (int at = 0; at < count; at++) {
      lengths[at] = (int) Math.max(8, Math.min(8192, Math.exp(5.6 + 1.1 * random.nextGaussian())));
    }
    return lengths;
  }

  static Sizes sizes(int... lengths) {
    int[] first = lengths.clone();
    long[] counts = new long[lengths.length];
    java.util.Arrays.fill(counts, 1);
    return new Sizes(first, new int[first.length], counts, first.length);
  }

  static Examples examples(int... lengths) {
    Examples examples = new Examples();
    for (int at = 0; at < lengths.length; at++) {
      examples.add(at, at, lengths[at], 0);
    }
    return examples;
  }
}
