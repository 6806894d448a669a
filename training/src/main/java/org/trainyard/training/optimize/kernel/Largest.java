package org.trainyard.training.optimize.kernel;

/** Picks the largest of many numbers without sorting them. */
public final class Largest {
  private static final int HALF = 16;

  private Largest() {}

  /**
   * Turns the largest numbers into 1 and the others into 0; of equal ones the first are taken.
   *
   * <p>Counts by the upper, then by the lower 16 bits, in the order of which numbers from 0 on lie:
   * three passes, whatever their number.
   *
   * @param arrays changed; no number is negative or NaN
   * @param count how many become 1
   */
  public static void mark(float[][] arrays, long count) {
    long[] upper = new long[1 << HALF];
    for (float[] array : arrays) {
      for (float value : array) {
        upper[Float.floatToRawIntBits(value) >>> HALF]++;
      }
    }
    long left = count;
    int high = upper.length - 1;
    while (high > 0 && upper[high] < left) {
      left -= upper[high--];
    }
    long[] lower = new long[1 << HALF];
    for (float[] array : arrays) {
      for (float value : array) {
        int bits = Float.floatToRawIntBits(value);
        if (bits >>> HALF == high) {
          lower[bits & (lower.length - 1)]++;
        }
      }
    }
    int low = lower.length - 1;
    while (low > 0 && lower[low] < left) {
      left -= lower[low--];
    }
    mark(arrays, Float.intBitsToFloat(high << HALF | low), left);
  }

  /**
   * @param equal how many of those equal to the limit become 1
   */
  private static void mark(float[][] arrays, float limit, long equal) {
    long left = equal;
    for (float[] array : arrays) {
      for (int i = 0; i < array.length; i++) {
        boolean taken = array[i] > limit || (array[i] == limit && left-- > 0);
        array[i] = taken ? 1 : 0;
      }
    }
  }
}
