package org.trainyard.evaluation.claim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.evaluation.claim.kernel.PairedBootstrap.Interval;

@DisplayName("Paired bootstrap")
class PairedBootstrapTest {

  @Test
  void differencesWithoutVarianceGiveAPoint() {
    assertThat(PairedBootstrap.interval(new double[] {0.5, 0.5, 0.5}, 1))
        .isEqualTo(new Interval(0.5, 0.5, 0.5));
  }

  @Test
  void isTheSameForTheSameSeedAndLiesWithinTheDifferences() {
    double[] differences = {0.1, 0.4, 0.2, 0.9, -0.3};
    Interval interval = PairedBootstrap.interval(differences, 7);
    assertThat(interval).isEqualTo(PairedBootstrap.interval(differences, 7));
    assertThat(interval.low()).isBetween(-0.3, interval.mean());
    assertThat(interval.high()).isBetween(interval.mean(), 0.9);
  }

  @Test
  void itsWidthIsThatOfTheNormalApproximationForManyPairs() {
    Random random = new Random(3);
    double[] differences = random.doubles(400).map(u -> u - 0.5).toArray();
    double mean = Arrays.stream(differences).average().orElseThrow();
    double variance = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum() / 400;
    double half = 1.96 * Math.sqrt(variance / 400);
    Interval interval = PairedBootstrap.interval(differences, 11);
    // An end is a percentile of 10,000 means; its own standard error is below 3 % of the half
    // width.
    assertThat(interval.high() - interval.mean()).isEqualTo(half, within(0.1 * half));
    assertThat(interval.mean() - interval.low()).isEqualTo(half, within(0.1 * half));
  }
}
