package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * A stochastic block model with features, each node and its own edges a function of seed and number
 * alone, in O(degree).
 *
 * <p>Node v belongs to class v mod classes. It draws Poisson-many partners, {@code within / 2} on
 * average in its own class and {@code between / 2} in the others, and is drawn by as many, so its
 * expected degrees are {@code within} and {@code between}; the few edges drawn twice, and those
 * from a node to itself, are for the reader to leave out. Features are the centre of the class
 * (uniform in ±signal) plus standard normal noise.
 *
 * @param nodes at least as many as classes
 * @param classes at least 2
 * @param within expected neighbours in the node's own class, 0 to 500
 * @param between expected neighbours in all others, 0 to 500
 * @param width features of a node
 * @param signal half the range of a class's centre, in standard deviations of the noise
 * @param seed decides all
 * @see <a href="https://doi.org/10.1016/0378-8733(83)90021-7">Holland, Laskey and Leinhardt 1983,
 *     Stochastic blockmodels: First steps</a>
 */
public record BlockModel(
    long nodes, int classes, double within, double between, int width, double signal, long seed)
    implements Serializable {
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  /** Class of a node, 0 to classes - 1. */
  public int block(long node) {
    return (int) (node % classes);
  }

  /** Features of a node, shape [width]. */
  public float[] features(long node) {
    float[] features = new float[width];
    long centre = bits(1, block(node));
    long noise = bits(2, node);
    for (int at = 0; at < width; at++) {
      centre += STRIDE;
      noise += STRIDE;
      double radius = StrictMath.sqrt(-2 * StrictMath.log(unit(Permutation.mix(noise))));
      noise += STRIDE;
      double normal = radius * StrictMath.cos(2 * Math.PI * unit(Permutation.mix(noise)));
      features[at] = (float) (signal * (2 * unit(Permutation.mix(centre)) - 1) + normal);
    }
    return features;
  }

  /** The other ends of the edges that a node draws, in any order, perhaps some twice. */
  public long[] partners(long node) {
    Draws draws = new Draws(bits(3, node));
    int own = draws.poisson(within / 2);
    int others = draws.poisson(between / 2);
    long[] partners = new long[own + others];
    int block = block(node);
    long members = (nodes - block + classes - 1) / classes;
    for (int at = 0; at < own; at++) {
      partners[at] = draws.below(members) * classes + block;
    }
    for (int at = own; at < partners.length; at++) {
      do {
        partners[at] = draws.below(nodes);
      } while (block(partners[at]) == block);
    }
    return partners;
  }

  /**
   * A number of a node's own that has no bearing on the rest.
   *
   * @param stream another stream, another number
   * @return above 0, at most 1
   */
  public double lot(int stream, long node) {
    return unit(bits(16 + stream, node));
  }

  private long bits(int stream, long index) {
    return Permutation.mix(Permutation.mix(seed + STRIDE * stream) + STRIDE * (index + 1));
  }

  /** Above 0, at most 1. */
  private static double unit(long bits) {
    return ((bits >>> 11) + 1) * 0x1p-53;
  }

  /** Random numbers of one node. */
  private static final class Draws {
    private long state;

    Draws(long state) {
      this.state = state;
    }

    private long next() {
      state += STRIDE;
      return Permutation.mix(state);
    }

    long below(long bound) {
      return Long.remainderUnsigned(next(), bound);
    }

    /** Knuth's way: factors until their product is below e^-mean. */
    int poisson(double mean) {
      double limit = StrictMath.exp(-mean);
      int count = 0;
      for (double product = unit(next()); product > limit; product *= unit(next())) {
        count++;
      }
      return count;
    }
  }
}
