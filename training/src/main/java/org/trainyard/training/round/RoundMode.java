package org.trainyard.training.round;

/** What shards do between two exchanges. */
public enum RoundMode {
  /** One gradient each; they are summed, and the rule is applied once, on the driver. */
  SYNCHRONOUS,
  /** Several steps each on parameters of their own, which are then combined. */
  LOCAL
}
