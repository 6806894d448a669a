package org.trainyard.training.engine;

import java.io.Serializable;

/**
 * What a model makes of each example of a batch: all that evaluation needs without handing out a
 * probability for every token. Where targets are values the loss is the squared error, averaged
 * over the example's values, and there are no hits. Sums over real units; the examples' weights
 * play no part.
 *
 * @param loss sum of the cross-entropy over the example's real units, in nats, shape [n]
 * @param units number of the example's real units, shape [n]; 1 for whole-example targets
 * @param hits number of those whose largest output is the target, shape [n]
 * @param predicted the largest class of each example, shape [n]; -1 where targets are tokens or
 *     values
 */
public record Scores(double[] loss, long[] units, long[] hits, int[] predicted)
    implements Serializable {

  /** Checks that all speak of the same examples. */
  public Scores {
    if (units.length != loss.length
        || hits.length != loss.length
        || predicted.length != loss.length) {
      throw new IllegalArgumentException(
          "Scores of %d, %d, %d and %d examples"
              .formatted(loss.length, units.length, hits.length, predicted.length));
    }
  }

  /** Number of examples. */
  public int size() {
    return loss.length;
  }
}
