package org.trainyard.training.round;

/** What becomes of the rule's state when the shards' parameters are combined after local steps. */
public enum LocalState {
  /** It is combined like the parameters: costs as many bytes again for each state array. */
  AVERAGED,
  /** It starts anew in every round. */
  RESET
}
