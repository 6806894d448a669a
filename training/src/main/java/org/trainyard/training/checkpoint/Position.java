package org.trainyard.training.checkpoint;

import java.util.Collections;
import java.util.List;

/**
 * How far a training run is: all that decides what the next round does, apart from parameters and
 * rule state.
 *
 * @param round rounds done
 * @param epoch epochs done: the one that the next round belongs to
 * @param next by shard, the batch of the epoch to start from
 * @param seen real units seen in the whole run: where the schedule stands
 * @param step updates done by the rule
 * @param skippedRounds rounds with a step that was left out because its gradient was not finite
 * @param tally what went through in the current epoch; {@link Tally#NONE} at its start
 * @param total what went through in the whole run
 * @param seconds time spent on rounds
 */
public record Position(
    long round,
    long epoch,
    List<Long> next,
    long seen,
    long step,
    long skippedRounds,
    Tally tally,
    Tally total,
    double seconds) {

  /** Keeps its own copy. */
  public Position {
    next = List.copyOf(next);
  }

  /** The start of a run. */
  public static Position start(int shards) {
    return new Position(0, 0, Collections.nCopies(shards, 0L), 0, 0, 0, Tally.NONE, Tally.NONE, 0);
  }

  /** The start of the next epoch. */
  public Position nextEpoch() {
    return new Position(
        round,
        epoch + 1,
        Collections.nCopies(next.size(), 0L),
        seen,
        step,
        skippedRounds,
        Tally.NONE,
        total,
        seconds);
  }

  /** Whether it stands between two epochs. */
  public boolean atEpochEnd() {
    return epoch > 0 && next.stream().allMatch(batch -> batch == 0);
  }
}
