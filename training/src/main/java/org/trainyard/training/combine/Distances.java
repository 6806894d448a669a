package org.trainyard.training.combine;

import org.trainyard.training.engine.Parameters;

/** Distances between vectors, summed in double precision, slice after slice. */
final class Distances {
  private Distances() {}

  /** {@code |a·x − b·y|²}; infinite if any element is not a number. */
  static double squared(double a, Parameters x, double b, Parameters y) {
    double sum = 0;
    for (int slice = 0; slice < x.count(); slice++) {
      float[] one = x.slice(slice);
      float[] other = y.slice(slice);
      for (int at = 0; at < one.length; at++) {
        double difference = a * one[at] - b * other[at];
        sum += difference * difference;
      }
    }
    return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }
}
