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
   * Clips in place.
   *
   * @param gradient the mean gradient
   * @return its norm before
   */
  public double apply(Layout layout, Parameters gradient) {
    double norm = norm(layout, gradient);
    if (limit > 0 && norm > limit) {
      float factor = (float) (limit / norm);
      for (int i = 0; i < gradient.count(); i++) {
        if (layout.slices().get(i).kind() != Slice.Kind.RUNNING_STATISTIC) {
          scale(gradient.slice(i), factor);
        }
      }
    }
    return norm;
  }

  /**
   * Euclidean norm over all slices but running statistics, in double precision, in a fixed order.
   */
  public static double norm(Layout layout, Parameters gradient) {
    double sum = 0;
    for (int i = 0; i < gradient.count(); i++) {
      if (layout.slices().get(i).kind() != Slice.Kind.RUNNING_STATISTIC) {
        sum += squares(gradient.slice(i));
      }
    }
    return Math.sqrt(sum);
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /** Four running sums, so that additions need not wait for one another. */
  private static double squares(float[] values) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int whole = values.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (int i = whole; i < values.length; i++) {
      a += (double) values[i] * values[i];
    }
    return (a + b) + (c + d);
  }
}
