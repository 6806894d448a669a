package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

/**
 * Shortens a gradient whose Euclidean norm over all slices is above a limit. Running statistics
 * neither count nor are touched.
 *
 * @param limit the longest norm; 0 for no limit
 * @see <a href="https://arxiv.org/abs/1211.5063">Pascanu, Mikolov and Bengio 2013, On the
 *     difficulty of training recurrent neural networks</a>
 */
public record Clipping(double limit) implements Serializable {
  /** No limit. */
  public static final Clipping NONE = new Clipping(0);

  /** Checks the limit. */
  public Clipping {
    if (!(limit >= 0)) {
      throw new IllegalArgumentException("A norm cannot be limited to " + limit);
    }
  }

  /**
   * Makes a mean of a sum and clips it, in place.
   *
   * @param gradient the sum; becomes the clipped mean
   * @param share one over the weight of the sum
   * @return the norm of the mean before clipping, in double precision, in a fixed order
   */
  public double apply(Layout layout, Parameters gradient, float share) {
    double sum = 0;
    for (int i = 0; i < gradient.count(); i++) {
      if (counts(layout, i)) {
        sum += scaleAndSquare(gradient.slice(i), share);
      } else {
        scale(gradient.slice(i), share);
      }
    }
    double norm = Math.sqrt(sum);
    if (limit > 0 && norm > limit) {
      for (int i = 0; i < gradient.count(); i++) {
        if (counts(layout, i)) {
          scale(gradient.slice(i), (float) (limit / norm));
        }
      }
    }
    return norm;
  }

  private static boolean counts(Layout layout, int slice) {
    return layout.slices().get(slice).kind() != Slice.Kind.RUNNING_STATISTIC;
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /** In one pass over memory; four running sums, so that additions need not wait. */
  private static double scaleAndSquare(float[] values, float share) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int whole = values.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      float first = values[i] * share;
      float second = values[i + 1] * share;
      float third = values[i + 2] * share;
      float fourth = values[i + 3] * share;
      values[i] = first;
      values[i + 1] = second;
      values[i + 2] = third;
      values[i + 3] = fourth;
      a += (double) first * first;
      b += (double) second * second;
      c += (double) third * third;
      d += (double) fourth * fourth;
    }
    for (int i = whole; i < values.length; i++) {
      values[i] *= share;
      a += (double) values[i] * values[i];
    }
    return (a + b) + (c + d);
  }
}
