package org.trainyard.training.optimize.kernel;

/** Euclidean norms in double precision, in a fixed order: the same bits on every machine. */
public final class Norms {
  private Norms() {}

  /** Length of a vector; 0 for none. */
  public static double of(float[] values) {
    return Math.sqrt(squares(values, 0, values.length));
  }

  /**
   * Sum of squares; four running sums, so that additions need not wait.
   *
   * @param from first value
   * @param count how many
   */
  public static double squares(float[] values, int from, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int end = from + count;
    int whole = from + (count & ~3);
    for (int i = from; i < whole; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (int i = whole; i < end; i++) {
      a += (double) values[i] * values[i];
    }
    return (a + b) + (c + d);
  }

  /** Multiplies values by others, one by one. */
  public static void multiply(float[] values, float[] factors) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i];
    }
  }

  /** Multiplies {@code count} values from {@code from} on. */
  public static void scale(float[] values, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      values[i] *= factor;
    }
  }
}
