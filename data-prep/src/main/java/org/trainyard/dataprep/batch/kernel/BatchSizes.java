package org.trainyard.dataprep.batch.kernel;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How many rows a batch may have, by the bucket of its longest row.
 *
 * @param edges largest length of each bucket, ascending, shape [b]; empty if lengths do not matter
 * @param rows rows at most, at least 1, shape [b]
 */
public record BatchSizes(int[] edges, int[] rows) implements Serializable {
  /** No limit but those for all lengths. */
  public static final BatchSizes ANY = new BatchSizes(new int[0], new int[0]);

  /**
   * Buckets to look for the rows of: of equal total length, the last one up to the greatest length.
   *
   * @param sizes at least one
   * @param count buckets wanted, at least 1; fewer where many examples have one length
   * @return edges, ascending
   */
  public static int[] edges(Sizes sizes, int count) {
    int longest = Arrays.stream(sizes.first()).max().orElseThrow();
    int[] inner = LineBuckets.ofEqualMass(sizes, count).edges();
    int[] edges = Arrays.copyOf(inner, inner.length + 1);
    edges[inner.length] = longest;
    return edges;
  }

  /** Whether each length has its own limit. */
  public boolean given() {
    return edges.length > 0;
  }

  /** The buckets: the last one ends at {@link #longest}. */
  public Buckets buckets() {
    return new LineBuckets(Arrays.copyOf(edges, edges.length - 1));
  }

  /** Largest length that a batch can hold; the largest number there is if lengths do not matter. */
  public int longest() {
    return given() ? edges[edges.length - 1] : Integer.MAX_VALUE;
  }

  /** Most padded units of a batch; the largest number there is if lengths do not matter. */
  public long mostUnits() {
    long most = given() ? 0 : Long.MAX_VALUE;
    for (int bucket = 0; bucket < edges.length; bucket++) {
      most = Math.max(most, (long) edges[bucket] * rows[bucket]);
    }
    return most;
  }

  /** Largest length of a bucket; the largest number there is if lengths do not matter. */
  public int longest(long bucket) {
    return given() ? edges[(int) bucket] : Integer.MAX_VALUE;
  }

  /** The limits of a bucket. */
  public BatchLimits limits(BatchLimits all, long bucket) {
    return given() ? all.atMost(rows[(int) bucket]) : all;
  }

  /**
   * Mean rows of a batch, if every bucket's batches are full but one.
   *
   * @param lengths of examples, at most {@link #longest}, shape [s]
   * @param counts examples of that length, shape [s]
   */
  public double meanRows(int[] lengths, long[] counts) {
    long[] held = new long[edges.length];
    long examples = 0;
    Buckets buckets = buckets();
    for (int at = 0; at < lengths.length; at++) {
      held[buckets.of(lengths[at], 0)] += counts[at];
      examples += counts[at];
    }
    long batches = 0;
    for (int bucket = 0; bucket < held.length; bucket++) {
      batches += (held[bucket] + rows[bucket] - 1) / rows[bucket];
    }
    return batches == 0 ? 0 : examples / (double) batches;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchSizes that
        && Arrays.equals(edges, that.edges)
        && Arrays.equals(rows, that.rows);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(edges) + Arrays.hashCode(rows);
  }

  @Override
  public String toString() {
    return "BatchSizes%s%s".formatted(Arrays.toString(edges), Arrays.toString(rows));
  }
}
