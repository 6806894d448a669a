package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Long-tailed lengths, each a function of seed and index alone: {@code exp(mu + sigma · z)}, cut to
 * a range, and how long it would take to say them: {@code length / (rate · exp(rateSigma · z'))}.
 *
 * @param mu mean of the logarithm of the length
 * @param sigma standard deviation of the logarithm of the length
 * @param min least length
 * @param max greatest length
 * @param rate median units per second
 * @param rateSigma standard deviation of the logarithm of the rate
 */
public record LogNormalLengths(
    long seed, double mu, double sigma, int min, int max, double rate, double rateSigma)
    implements Serializable {
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  /** Length of an example, min to max. */
  public int length(long index) {
    return (int) Math.max(min, Math.min(max, Math.exp(mu + sigma * normal(index, 0))));
  }

  /** Duration of an example in seconds. */
  public double seconds(long index) {
    return length(index) / (rate * Math.exp(rateSigma * normal(index, 1)));
  }

  /**
   * A token of an example.
   *
   * @return 2 to vocabulary - 1
   */
  public int token(long index, int position, int vocabulary) {
    long hash = Permutation.mix(bits(index, 2) + STRIDE * (position + 1L));
    return 2 + (int) Long.remainderUnsigned(hash, vocabulary - 2);
  }

  /** A standard normal number, by Box and Muller. */
  private double normal(long index, int stream) {
    long bits = bits(index, stream);
    double radius = Math.sqrt(-2 * Math.log(unit(bits)));
    return radius * Math.cos(2 * Math.PI * unit(Permutation.mix(bits + STRIDE)));
  }

  private long bits(long index, int stream) {
    return Permutation.mix(Permutation.mix(seed + STRIDE * (stream + 1)) + STRIDE * (index + 1));
  }

  /** Above 0, at most 1. */
  private static double unit(long bits) {
    return ((bits >>> 11) + 1) * 0x1p-53;
  }
}
