package org.trainyard.dataprep.batch.kernel;

/**
 * How large the examples of a table are: each different size with its number, or a sample of sizes.
 * What a planner fixes its buckets by.
 *
 * @param first units of the first dimension, shape [s]
 * @param second units of the second dimension, 0 if there is none, shape [s]
 * @param counts examples of that size, shape [s]
 * @param examples number of all examples, which the counts add up to unless this is a sample
 */
public record Sizes(int[] first, int[] second, long[] counts, long examples) {

  /** Number of entries. */
  public int size() {
    return first.length;
  }

  /** Examples that the entries stand for. */
  public long counted() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Real units of all examples; scaled up if this is a sample. */
  public double units() {
    double sum = 0;
    for (int at = 0; at < first.length; at++) {
      sum += counts[at] * ((double) first[at] + second[at]);
    }
    return counted() == 0 ? 0 : sum * examples / counted();
  }
}
