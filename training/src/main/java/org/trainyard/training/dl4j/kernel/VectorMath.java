package org.trainyard.training.dl4j.kernel;

/**
 * Elementary functions over float arrays, in loops that the compiler turns into vector
 * instructions. Only additions, multiplications, divisions and comparisons: the same bits on every
 * machine.
 */
public final class VectorMath {
  private static final float LARGEST = 9;
  private static final float LOG2_E = 1.44269504f;
  // ln 2 in two parts: the first has few enough bits that its product with an integer is exact.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  // Adding 1.5 · 2^23 rounds a float to an integer; subtracting it gives that integer back.
  private static final float ROUNDER = 12582912f;
  private static final float SMALLEST_EXPONENT = -87;

  private VectorMath() {}

  /**
   * Replaces values by their hyperbolic tangent, with a relative error of at most 3e-7.
   *
   * <p>The seventh convergent of Lambert's continued fraction at x/4, then twice {@code tanh 2y = 2
   * tanh y / (1 + tanh² y)}.
   *
   * @param values changed from {@code from} on
   * @param count how many
   */
  public static void tanh(float[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      float x = Math.max(-LARGEST, Math.min(LARGEST, values[i])) * 0.25f;
      float s = x * x;
      float above = x * (135135f + s * (17325f + s * (378f + s)));
      float below = 135135f + s * (62370f + s * (3150f + s * 28f));
      float y = above / below;
      y = (y + y) / (1f + y * y);
      values[i] = (y + y) / (1f + y * y);
    }
  }

  /**
   * Replaces values of at most 0 by their exponential, with a relative error of at most 2e-7 down
   * to -87; below that they become e^-87.
   *
   * @param values changed in {@code 0 … count - 1}
   * @param powers scratch of the same length
   */
  public static void exp(float[] values, float[] powers, int count) {
    for (int i = 0; i < count; i++) {
      float x = Math.max(SMALLEST_EXPONENT, values[i]);
      float power = (x * LOG2_E + ROUNDER) - ROUNDER;
      float r = (x - power * LN2_HIGH) - power * LN2_LOW;
      powers[i] = power;
      values[i] =
          1f
              + r
                  * (1f
                      + r
                          * (1f / 2
                              + r
                                  * (1f / 6
                                      + r
                                          * (1f / 24
                                              + r
                                                  * (1f / 120
                                                      + r * (1f / 720 + r * (1f / 5040)))))));
    }
    for (int i = 0; i < count; i++) {
      values[i] *= Float.intBitsToFloat(((int) powers[i] + 127) << 23);
    }
  }

  /** Largest of {@code values[0 … count - 1]}; NaN if one is NaN. */
  public static float largest(float[] values, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, values[i]);
    }
    return largest;
  }

  /** Sum of {@code values[0 … count - 1]}, in double precision, in a fixed order. */
  public static double sum(float[] values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum;
  }
}
