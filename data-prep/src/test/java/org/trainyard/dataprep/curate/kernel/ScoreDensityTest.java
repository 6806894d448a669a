package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The smoothed distribution of scores")
class ScoreDensityTest {

  @Test
  void usesTheNormalDistribution() {
    assertThat(ScoreDensity.normal(0)).isCloseTo(0.5, Offset.offset(1e-7));
    assertThat(ScoreDensity.normal(1.959964)).isCloseTo(0.975, Offset.offset(2e-7));
    assertThat(ScoreDensity.normal(-1)).isCloseTo(0.158655254, Offset.offset(2e-7));
  }

  @Test
  void isTheMeanOfTheKernels() {
    double width = Math.sqrt(2) * Math.pow(2, -0.2);
    double expected = (ScoreDensity.normal(3 / width) + ScoreDensity.normal(1 / width)) / 2;
    assertThat(ScoreDensity.below(new double[] {1, 3}, 4))
        .isCloseTo(expected, Offset.offset(1e-12));
  }

  @Test
  void risesFromZeroToOneWhateverTheOrder() {
    double[] scores = {4, 1, 7, 2};
    double before = 0;
    for (double at = -20; at < 30; at += 0.5) {
      double share = ScoreDensity.below(scores, at);
      assertThat(share).isGreaterThanOrEqualTo(before).isBetween(0.0, 1.0);
      assertThat(share).isEqualTo(ScoreDensity.below(new double[] {7, 2, 1, 4}, at));
      before = share;
    }
    assertThat(before).isCloseTo(1, Offset.offset(1e-6));
  }

  @Test
  void isAHalfWhereNothingTellsScoresApart() {
    assertThat(ScoreDensity.below(new double[] {3, 3}, 3)).isEqualTo(0.5);
    assertThat(ScoreDensity.below(new double[] {3}, 3)).isEqualTo(0.5);
  }
}
