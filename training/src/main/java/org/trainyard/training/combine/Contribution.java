package org.trainyard.training.combine;

import org.trainyard.training.engine.Parameters;

/**
 * What one shard brings to a round.
 *
 * @param shard its number
 * @param weight how much stands behind it: real units times example weights; above 0
 * @param form whether the vector is a sum over its weight or a value of its own
 * @param vector gradient sum, or parameters with or without rule state; not changed
 */
public record Contribution(int shard, double weight, Form form, Parameters vector) {

  /** How vector and weight belong together. */
  public enum Form {
    /** A sum over the weight, such as a gradient: the shard's mean is vector / weight. */
    SUM,
    /** A value of its own, such as parameters after local steps. */
    VALUE
  }

  /** What the vector is multiplied with in a weighted sum of values. */
  public double factor() {
    return form == Form.SUM ? 1 : weight;
  }

  /** What the vector is multiplied with to be the shard's own value, its mean. */
  public double scale() {
    return form == Form.SUM ? 1 / weight : 1;
  }
}
