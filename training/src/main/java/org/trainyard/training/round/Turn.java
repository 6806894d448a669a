package org.trainyard.training.round;

import java.io.Serializable;

/** What all shards of a feed are asked to do together. */
sealed interface Turn extends Serializable {
  /** Counts the turns of a run, from 1. */
  long number();

  /** Name of the feed. */
  String feed();

  /** Their parts of a round. */
  record OfRound(long number, RoundCall call) implements Turn {
    @Override
    public String feed() {
      return Plan.TRAINING;
    }
  }

  /** Their scores. */
  record OfScore(long number, String feed) implements Turn {}
}
