package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.Collections;
import java.util.Set;
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
 * @param groups groups that this batch trains, the others are left as they are; empty for all
 * @param multiplyAdds multiplications with additions that it took, as the engine counted them; 0 if
 *     it does not count
 */
public record GradientSum(
    double loss,
    double weight,
    SortedMap<String, Double> terms,
    boolean finite,
    Set<String> groups,
    long multiplyAdds)
    implements Serializable {
  /** What no example gives. */
  public static final GradientSum NONE = new GradientSum(0, 0, Collections.emptySortedMap(), true);

  /** Keeps its own copy. */
  public GradientSum {
    terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
    groups = Set.copyOf(groups);
  }

  /** Of a batch that trains all groups, uncounted. */
  public GradientSum(double loss, double weight, SortedMap<String, Double> terms, boolean finite) {
    this(loss, weight, terms, finite, Set.of(), 0);
  }

  /** The sum of both. */
  public GradientSum plus(GradientSum other) {
    SortedMap<String, Double> sum = new TreeMap<>(terms);
    other.terms.forEach((name, value) -> sum.merge(name, value, Double::sum));
    return new GradientSum(
        loss + other.loss,
        weight + other.weight,
        sum,
        finite && other.finite,
        groups.equals(other.groups) ? groups : Set.of(),
        multiplyAdds + other.multiplyAdds);
  }
}
