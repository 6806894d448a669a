package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/**
 * Buckets by the first dimension.
 *
 * @param edges largest size of each bucket but the last, ascending, shape [b - 1]
 */
public record LineBuckets(int[] edges) implements Buckets {

  /**
   * Buckets of equal total size: each holds about the same number of units, so each gives about the
   * same number of batches. Fewer than asked for where many examples have one size.
   *
   * @param count buckets wanted, at least 1
   */
  public static LineBuckets ofEqualMass(Sizes sizes, int count) {
    return new LineBuckets(EqualMass.edges(sizes.first(), sizes.counts(), count));
  }

  @Override
  public int count() {
    return edges.length + 1;
  }

  @Override
  public int of(int first, int second) {
    return EqualMass.part(edges, first);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LineBuckets that && Arrays.equals(edges, that.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(edges);
  }

  @Override
  public String toString() {
    return "LineBuckets" + Arrays.toString(edges);
  }
}
