package org.trainyard.training.round;

import java.io.Serializable;

/**
 * How well parameters fit a feed: sums, unweighted.
 *
 * @param examples scored
 * @param units real units in them
 * @param hits units whose largest output is the target
 * @param loss sum of the cross-entropy, in nats
 */
public record Score(long examples, long units, long hits, double loss) implements Serializable {
  /** Nothing scored. */
  public static final Score NONE = new Score(0, 0, 0, 0);

  /** Both together. */
  public Score plus(Score other) {
    return new Score(
        examples + other.examples, units + other.units, hits + other.hits, loss + other.loss);
  }

  /** Mean loss per real unit, in nats; NaN if nothing was scored. */
  public double lossPerUnit() {
    return loss / units;
  }

  /** Share of units whose largest output is the target; NaN if nothing was scored. */
  public double accuracy() {
    return (double) hits / units;
  }
}
