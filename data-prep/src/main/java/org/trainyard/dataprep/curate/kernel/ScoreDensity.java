package org.trainyard.dataprep.curate.kernel;

import java.util.Arrays;

/** The cumulative distribution of a handful of scores, smoothed by Gaussian kernels. */
public final class ScoreDensity {
  private ScoreDensity() {}

  /**
   * Share of the smoothed scores that lie below a value. The width of the kernels is Scott's: the
   * standard deviation times n^(-1/5).
   *
   * @param scores shape [n], in any order; n at least 1
   * @return 0 to 1, within 10^-6; 0.5 if all scores are equal
   * @see <a href="https://doi.org/10.1002/9780470316849">Scott 1992, Multivariate Density
   *     Estimation</a>
   */
  public static double below(double[] scores, double at) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double mean = 0;
    for (double score : sorted) {
      mean += score / n;
    }
    double squares = 0;
    for (double score : sorted) {
      squares += (score - mean) * (score - mean);
    }
    if (!(squares > 0)) {
      return 0.5;
    }
    double width = Math.sqrt(squares / (n - 1)) * Math.pow(n, -0.2);
    double share = 0;
    for (double score : sorted) {
      share += normal((at - score) / width) / n;
    }
    return Math.max(0, Math.min(1, share));
  }

  /**
   * The standard normal distribution, within 10^-7.
   *
   * @see <a href="https://personal.math.ubc.ca/~cbm/aands/page_299.htm">Abramowitz and Stegun 1964,
   *     7.1.26</a>
   */
  static double normal(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    double tail = polynomial * Math.exp(-x * x) / 2;
    return z < 0 ? tail : 1 - tail;
  }
}
