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
   * Replaces values x by {@code exp(x - largest)}, with a relative error of at most 2e-7 down to
   * e^-87; what is smaller becomes that.
   *
   * @param values changed in {@code 0 … count - 1}
   * @param powers scratch of the same length
   * @param largest no value is larger
   * @return their sum, in double precision, in a fixed order
   */
  public static double exp(float[] values, float[] powers, int count, float largest) {
    for (int i = 0; i < count; i++) {
      float x = Math.max(SMALLEST_EXPONENT, values[i] - largest);
      float power = (x * LOG2_E + ROUNDER) - ROUNDER;
      float r = (x - power * LN2_HIGH) - power * LN2_LOW;
      powers[i] = power;
      values[i] = taylor(r);
    }
    return raise(values, powers, count);
  }

  /** exp r for |r| up to ½ ln 2: the first left-out term is 5e-9 there. */
  private static float taylor(float r) {
    float high = 1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)));
    return 1f + r * (1f + r * (1f / 2 + r * (1f / 6 + r * high)));
  }

  /** Multiplies by powers of two, and sums in four lanes, so that additions need not wait. */
  private static double raise(float[] values, float[] powers, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int whole = count & ~3;
    for (int i = 0; i < whole; i += 4) {
      values[i] *= power(powers[i]);
      values[i + 1] *= power(powers[i + 1]);
      values[i + 2] *= power(powers[i + 2]);
      values[i + 3] *= power(powers[i + 3]);
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (int i = whole; i < count; i++) {
      values[i] *= power(powers[i]);
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  private static float power(float exponent) {
    return Float.intBitsToFloat(((int) exponent + 127) << 23);
  }

  /** Largest of {@code values[0 … count - 1]}; NaN if one is NaN. */
  public static float largest(float[] values, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, values[i]);
    }
    return largest;
  }
}
