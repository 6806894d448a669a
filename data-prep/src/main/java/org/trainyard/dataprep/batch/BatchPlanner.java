package org.trainyard.dataprep.batch;

import java.io.Serializable;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.BatchSink;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.Examples;
import org.trainyard.dataprep.batch.kernel.GreedyFill;
import org.trainyard.dataprep.batch.kernel.Sizes;

/**
 * Puts examples together into batches. It first says which may share a batch, from the sizes of
 * all; then it plans each bucket, or a piece of a large one, by itself and in any order, on the
 * cluster.
 */
public interface BatchPlanner extends Serializable {

  /** Whether a row may hold several examples. */
  default boolean packs() {
    return false;
  }

  /** Units of the longest example that it can place, padding included. */
  default long longest(BatchLimits limits) {
    return limits.budget();
  }

  /** The buckets for examples of these sizes. */
  Buckets buckets(Sizes sizes, BatchLimits limits);

  /**
   * Plans one bucket or a piece of it; by itself in the order given, each batch as full as the
   * limits allow. Every example must be placed, groups whole, no limit broken; the caller checks
   * it.
   *
   * @param examples of one bucket, their groups in seeded random order; no group breaks a limit
   *     alone
   */
  default void plan(Examples examples, BatchLimits limits, BatchSink sink) {
    GreedyFill.fill(examples, limits, sink);
  }
}
