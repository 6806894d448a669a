package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Norms;

/**
 * Shortens a gradient: slice by slice first, then as a whole where its Euclidean norm over all
 * slices is above a limit. Running statistics neither count nor are touched.
 *
 * @param limit the longest norm; 0 for no limit
 * @param layers what is done to each slice before
 * @see <a href="https://arxiv.org/abs/1211.5063">Pascanu, Mikolov and Bengio 2013, On the
 *     difficulty of training recurrent neural networks</a>
 */
public record Clipping(double limit, LayerClipping layers) implements Serializable {
  /** No limit. */
  public static final Clipping NONE = new Clipping(0);

  /** Checks the limit. */
  public Clipping {
    if (!(limit >= 0)) {
      throw new IllegalArgumentException("A norm cannot be limited to " + limit);
    }
  }

  /** Clips the gradient as a whole only. */
  public Clipping(double limit) {
    this(limit, LayerClipping.NONE);
  }

  /**
   * Makes a mean of a sum and clips it, in place.
   *
   * @param weights not changed
   * @param gradient the sum; becomes the clipped mean
   * @param share one over the weight of the sum
   * @return the norm of the mean before clipping, in double precision, in a fixed order
   */
  public double apply(Layout layout, Parameters weights, Parameters gradient, float share) {
    double sum = 0;
    double clipped = 0;
    for (int i = 0; i < gradient.count(); i++) {
      float[] values = gradient.slice(i);
      if (!counts(layout, i)) {
        Norms.scale(values, 0, values.length, share);
        continue;
      }
      double own = scaleAndSquare(values, share);
      sum += own;
      if (layers != LayerClipping.NONE) {
        layers.clip(layout.slices().get(i), weights.slice(i), values);
        own = Norms.squares(values, 0, values.length);
      }
      clipped += own;
    }
    double norm = Math.sqrt(clipped);
    if (limit > 0 && norm > limit) {
      for (int i = 0; i < gradient.count(); i++) {
        if (counts(layout, i)) {
          float[] values = gradient.slice(i);
          Norms.scale(values, 0, values.length, (float) (limit / norm));
        }
      }
    }
    return Math.sqrt(sum);
  }

  private static boolean counts(Layout layout, int slice) {
    return layout.slices().get(slice).kind() != Slice.Kind.RUNNING_STATISTIC;
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
