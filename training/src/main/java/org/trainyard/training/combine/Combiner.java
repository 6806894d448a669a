package org.trainyard.training.combine;

import java.io.Serializable;
import java.util.List;

/**
 * Makes one vector of those of all shards. The result depends on the contributions alone, bit for
 * bit: not on the order in which they arrived.
 */
public interface Combiner extends Serializable {

  /**
   * Whether every element is combined on its own, so that long vectors may be cut into blocks that
   * are combined in different places.
   */
  boolean elementwise();

  /**
   * Combines.
   *
   * @param contributions in order of their shard numbers, all of one form; at least one
   * @param round number of the round, for combiners that draw lots
   */
  Combined combine(List<Contribution> contributions, long round);

  /** The same bits on all processors of this machine: for whoever has them to himself. */
  default Combined combineInParallel(List<Contribution> contributions, long round) {
    return combine(contributions, round);
  }
}
