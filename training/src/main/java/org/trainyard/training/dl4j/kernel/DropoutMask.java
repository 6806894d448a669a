package org.trainyard.training.dl4j.kernel;

import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Drops values by a counter-based generator: whether a value is dropped depends on the seed and on
 * where it stands, not on how often or in which thread one asks. So the way back drops the same
 * values again, without a mask in memory.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014, Dropout</a>
 */
public final class DropoutMask {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private final int threshold;
  private final float scale;

  /**
   * @param rate share that is dropped, 0 to less than 1; the others are divided by 1 - rate
   */
  public DropoutMask(double rate) {
    this.threshold = (int) Math.round(rate * (1 << 16));
    this.scale = (float) (1 / (1 - rate));
  }

  /**
   * Drops values of one row.
   *
   * @param values changed, {@code count} of them from {@code from} on
   * @param seed of the pass and layer
   * @param row where the row stands
   */
  public void apply(float[] values, int from, int count, long seed, long row) {
    long state = Permutation.mix(seed + row * GOLDEN);
    for (int i = 0; i < count; i += 4) {
      state += GOLDEN;
      long bits = Permutation.mix(state);
      int end = Math.min(4, count - i);
      for (int j = 0; j < end; j++) {
        int draw = (int) (bits >>> 16 * j) & 0xFFFF;
        values[from + i + j] = draw < threshold ? 0 : values[from + i + j] * scale;
      }
    }
  }
}
