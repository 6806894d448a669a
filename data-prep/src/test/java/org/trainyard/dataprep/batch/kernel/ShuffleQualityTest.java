package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The quality of a shuffle")
class ShuffleQualityTest {
  private static final int[] LENGTHS = {10, 20, 30, 40, 50, 60};
  private static final int[] BUCKETS = {0, 0, 0, 1, 1, 1};

  @Test
  void seesAnOrderByLength() {
    ShuffleQuality sorted = ShuffleQuality.of(new int[] {0, 1, 2, 3, 4, 5}, LENGTHS, BUCKETS);

    assertThat(sorted.rankCorrelation()).isCloseTo(1, Offset.offset(1e-12));
    assertThat(sorted.meanRun()).isEqualTo(3);
    assertThat(sorted.longestRun()).isEqualTo(3);
    assertThat(ShuffleQuality.of(new int[] {5, 4, 3, 2, 1, 0}, LENGTHS, BUCKETS).rankCorrelation())
        .isCloseTo(-1, Offset.offset(1e-12));
  }

  @Test
  void countsRunsOfABucket() {
    ShuffleQuality mixed = ShuffleQuality.of(new int[] {0, 3, 4, 1, 5, 2}, LENGTHS, BUCKETS);

    assertThat(mixed.meanRun()).isEqualTo(6 / 5.0);
    assertThat(mixed.longestRun()).isEqualTo(2);
  }

  @Test
  void givesEqualLengthsOneRank() {
    assertThat(
            ShuffleQuality.of(new int[] {0, 1, 2}, new int[] {4, 4, 4}, new int[3])
                .rankCorrelation())
        .isZero();
  }

  @Test
  void isBoundedByTheWorstOfRandomOrders() {
    int[] buckets = new int[1000];
    for (int at = 0; at < buckets.length; at++) {
      buckets[at] = at % 10;
    }
    ShuffleQuality.Bounds bounds = ShuffleQuality.ofShuffles(buckets, 200, 1);

    // A tenth of all places goes on with the bucket before: 1 / (1 - 0.1), ± 0.012 a standard
    // deviation.
    assertThat(bounds.meanRun()).isBetween(1.12, 1.17);
    assertThat(bounds.longestRun()).isBetween(4, 7);
    assertThat(ShuffleQuality.chanceOfSame(buckets)).isCloseTo(0.1, Offset.offset(1e-9));
  }
}
