package org.trainyard.evaluation.metric.kernel;

/** Probabilities of the count baselines. None has anything to tune. */
public final class Ngrams {
  private Ngrams() {}

  /**
   * How likely a unit is by its frequency alone, with one added to every count so that units never
   * seen in training stay possible.
   *
   * @param count how often the unit is a target in training
   * @param total all targets in training
   * @param vocabulary number of units there are, at least 1
   */
  public static double unigram(long count, long total, int vocabulary) {
    return (count + 1.0) / ((double) total + vocabulary);
  }

  /**
   * How likely a unit is after another: Witten-Bell interpolation of the pair's frequency with
   * {@link #unigram}. Contexts with many different followers trust the pairs less; a context never
   * seen leaves the unigram alone.
   *
   * @param pair how often the unit follows the context in training
   * @param context how often the context occurs in training
   * @param followers how many different units follow it
   * @param unigram probability of the unit without context
   * @see <a href="https://doi.org/10.1109/18.87000">Witten and Bell 1991, The Zero-Frequency
   *     Problem</a> (method C)
   */
  public static double bigram(long pair, long context, long followers, double unigram) {
    return context == 0 ? unigram : (pair + followers * unigram) / ((double) context + followers);
  }
}
