package org.trainyard.dataprep.synthesize.kernel;

import java.util.Arrays;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Heat in a rod, {@code ∂u/∂t = a · ∂²u/∂x²} for x in (0, 1) and t in (0, 1], with fixed ends. Each
 * simulation draws the temperature of the left and the right end and of the rod at first, the
 * amplitude of a wave {@code sin 2πx} upon it (all uniform in ±1), and the diffusivity a
 * (log-uniform in 0.02 to 0.5).
 *
 * <p>Solved by backward Euler on equal steps of time and place, one tridiagonal system a step:
 * O(n), stable for every step, its error of first order in time and second in place. A wave {@code
 * sin kπx} between cold ends is damped in each step by exactly {@code 1 / (1 + 4 a·dt/dx² ·
 * sin²(kπ·dx/2))}.
 *
 * <p>A sample's inputs are the five drawn numbers and the time, each scaled to ±1; its targets are
 * the temperatures at the inner points.
 *
 * @param points inner points, at equal distances
 * @param steps of time
 */
public record HeatEquation(int points, int steps) implements Simulator {
  private static final int PARAMETERS = 5;
  private static final long STRIDE = 0x9E3779B97F4A7C15L;
  private static final double LEAST = 0.02;
  private static final double MOST = 0.5;

  @Override
  public int inputs() {
    return PARAMETERS + 1;
  }

  @Override
  public int targets() {
    return points;
  }

  @Override
  public Run start(long seed, long number) {
    double[] drawn = new double[PARAMETERS];
    long state = Permutation.mix(Permutation.mix(seed) + number);
    for (int at = 0; at < PARAMETERS; at++) {
      state += STRIDE;
      drawn[at] = (Permutation.mix(state) >> 10) * 0x1p-53;
    }
    return new Rod(drawn);
  }

  /**
   * A rod of given parameters.
   *
   * @param scaled left, right, first temperature, amplitude, diffusivity; each in ±1
   */
  Run start(double... scaled) {
    return new Rod(scaled.clone());
  }

  private final class Rod implements Run {
    private final double[] drawn;
    private final double[] state;
    private final double[] eliminated;
    private final double ratio;
    private int step;

    Rod(double[] drawn) {
      this.drawn = drawn;
      this.state = new double[points];
      this.eliminated = new double[points];
      double diffusivity = LEAST * Math.pow(MOST / LEAST, (drawn[4] + 1) / 2);
      double spaces = points + 1.0;
      ratio = diffusivity * spaces * spaces / steps;
      Arrays.setAll(
          state, at -> drawn[2] + drawn[3] * Math.sin(2 * Math.PI * (at + 1) / (points + 1.0)));
      eliminated[0] = -ratio / (1 + 2 * ratio);
      for (int at = 1; at < points; at++) {
        eliminated[at] = -ratio / (1 + 2 * ratio + ratio * eliminated[at - 1]);
      }
    }

    @Override
    public void next(float[] sample, int at) {
      solve();
      step++;
      for (int j = 0; j < PARAMETERS; j++) {
        sample[at + j] = (float) drawn[j];
      }
      sample[at + PARAMETERS] = (float) (2.0 * step / steps - 1);
      for (int j = 0; j < points; j++) {
        sample[at + PARAMETERS + 1 + j] = (float) state[j];
      }
    }

    /** Thomas' algorithm on {@code -r, 1 + 2r, -r}, in place. */
    private void solve() {
      state[0] += ratio * drawn[0];
      state[points - 1] += ratio * drawn[1];
      state[0] /= 1 + 2 * ratio;
      for (int at = 1; at < points; at++) {
        state[at] =
            (state[at] + ratio * state[at - 1]) / (1 + 2 * ratio + ratio * eliminated[at - 1]);
      }
      for (int at = points - 2; at >= 0; at--) {
        state[at] -= eliminated[at] * state[at + 1];
      }
    }
  }
}
