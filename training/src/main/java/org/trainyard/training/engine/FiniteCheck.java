package org.trainyard.training.engine;

/** Looks for values that are NaN or infinite, piece by piece, while they are in the cache. */
public final class FiniteCheck {
  private static final int BLOCK = 1024;
  private final float[] block = new float[BLOCK];
  private final float[] sums = new float[BLOCK];

  /** Looks at {@code values[from … to - 1]}. */
  public void see(float[] values, int from, int to) {
    int at = from;
    for (; at + BLOCK <= to; at += BLOCK) {
      System.arraycopy(values, at, block, 0, BLOCK);
      addZeros();
    }
    for (; at < to; at++) {
      sums[0] += values[at] * 0f;
    }
  }

  /** Zero times what is not finite is not a number. Side by side, as vector instructions add. */
  private void addZeros() {
    float[] zeros = sums;
    float[] seen = block;
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] += seen[i] * 0f;
    }
  }

  /** Whether all that was seen is finite. */
  public boolean passed() {
    float sum = 0;
    for (float one : sums) {
      sum += one;
    }
    return sum == 0;
  }
}
