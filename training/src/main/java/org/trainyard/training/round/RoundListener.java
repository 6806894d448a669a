package org.trainyard.training.round;

import org.trainyard.training.checkpoint.Tally;
import org.trainyard.training.checkpoint.TrainingState;

/**
 * Hears of a run between rounds: the place of checkpoints, validation and progress. States handed
 * in are the loop's own: to be read before returning, or copied.
 */
public interface RoundListener {

  /** After every round. After the last one of an epoch the state still stands in that epoch. */
  default void afterRound(RoundReport report, TrainingState state) {}

  /**
   * After the last round of an epoch.
   *
   * @param state stands at the start of the next epoch
   * @param epoch what went through in the whole epoch
   */
  default void afterEpoch(TrainingState state, Tally epoch) {}
}
