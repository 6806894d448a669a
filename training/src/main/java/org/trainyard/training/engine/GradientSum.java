package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one batch gave: sums with their weight, never means. The gradient lies in the {@link
 * Parameters} handed to {@link Replica#lossAndGradient}.
 *
 * @param loss sum of the loss over all real units, in nats, each times its example's weight
 * @param weight sum of the weights of the real units
 * @param terms named parts of the loss, sums too; empty if there is one part
 * @param finite whether loss and gradient are free of NaN and infinity
 */
public record GradientSum(
    double loss, double weight, SortedMap<String, Double> terms, boolean finite)
    implements Serializable {
  /** What no example gives. */
  public static final GradientSum NONE = new GradientSum(0, 0, Collections.emptySortedMap(), true);

  /** Keeps its own copy. */
  public GradientSum {
    terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
  }

  /** The sum of both. */
  public GradientSum plus(GradientSum other) {
    SortedMap<String, Double> sum = new TreeMap<>(terms);
    other.terms.forEach((name, value) -> sum.merge(name, value, Double::sum));
    return new GradientSum(loss + other.loss, weight + other.weight, sum, finite && other.finite);
  }
}
