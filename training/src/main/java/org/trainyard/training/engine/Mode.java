package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.Set;

/**
 * How one pass is run.
 *
 * @param training whether dropout and batch statistics are on
 * @param seed of this pass's random numbers, from run, round, shard and step
 * @param updateStatistics whether running statistics are gathered
 * @param trainableGroups groups that get a gradient; empty for all
 * @param lossScale factor on the loss before the backward pass, divided out of the gradient again
 */
public record Mode(
    boolean training,
    long seed,
    boolean updateStatistics,
    Set<String> trainableGroups,
    float lossScale)
    implements Serializable {
  /** Dropout off, nothing gathered. */
  public static final Mode EVALUATE = new Mode(false, 0, false, Set.of(), 1);

  /** Keeps its own copy. */
  public Mode {
    trainableGroups = Set.copyOf(trainableGroups);
  }

  /** A training pass over all groups. */
  public static Mode train(long seed) {
    return new Mode(true, seed, true, Set.of(), 1);
  }
}
