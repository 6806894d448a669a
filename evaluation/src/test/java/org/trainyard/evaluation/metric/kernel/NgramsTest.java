package org.trainyard.evaluation.metric.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Count baselines")
class NgramsTest {
  private static final int VOCABULARY = 7;

  @Test
  void aUnitNeverSeenKeepsTheProbabilityOfOneAddedCount() {
    assertThat(Ngrams.unigram(0, 93, VOCABULARY)).isEqualTo(0.01, within(1e-12));
    assertThat(Ngrams.unigram(92, 93, VOCABULARY)).isEqualTo(0.93, within(1e-12));
  }

  @Test
  void aContextNeverSeenLeavesTheUnigramAlone() {
    assertThat(Ngrams.bigram(0, 0, 0, 0.25)).isEqualTo(0.25);
  }

  @Test
  void aContextWithOneFollowerTrustsThePairByItsCount() {
    assertThat(Ngrams.bigram(9, 9, 1, 0.5)).isEqualTo(0.95, within(1e-12));
    assertThat(Ngrams.bigram(0, 9, 1, 0.5)).isEqualTo(0.05, within(1e-12));
  }

  @Test
  void probabilitiesOfAllUnitsSumToOneInEveryContext() {
    int[] text = new SplittableRandom(5).ints(200, 0, VOCABULARY - 1).toArray();
    long[] single = new long[VOCABULARY];
    long[][] pairs = new long[VOCABULARY][VOCABULARY];
    for (int i = 1; i < text.length; i++) {
      single[text[i]]++;
      pairs[text[i - 1]][text[i]]++;
    }
    for (int context = 0; context < VOCABULARY; context++) {
      long total = 0;
      long followers = 0;
      for (long count : pairs[context]) {
        total += count;
        followers += count > 0 ? 1 : 0;
      }
      double sum = 0;
      for (int unit = 0; unit < VOCABULARY; unit++) {
        double unigram = Ngrams.unigram(single[unit], text.length - 1, VOCABULARY);
        sum += Ngrams.bigram(pairs[context][unit], total, followers, unigram);
      }
      assertThat(sum).isEqualTo(1, within(1e-12));
    }
  }
}
