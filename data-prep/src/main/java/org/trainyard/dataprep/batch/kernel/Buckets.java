package org.trainyard.dataprep.batch.kernel;

import java.io.Serializable;

/** Says which examples may be put together. */
public interface Buckets extends Serializable {
  /** The bucket of examples that belong in none. */
  int NONE = -1;

  /** Everything in one bucket. */
  static Buckets single() {
    return new LineBuckets(new int[0]);
  }

  /** Number of buckets. */
  int count();

  /**
   * The bucket of a size.
   *
   * @return 0 to count - 1, or {@link #NONE} for an outlier
   */
  int of(int first, int second);
}
