package org.trainyard.pipeline.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A seeded permutation")
class PermutationTest {

  private static long[] values(Permutation permutation) {
    long[] values = new long[(int) permutation.size()];
    for (int at = 0; at < values.length; at++) {
      values[at] = permutation.at(at);
    }
    return values;
  }

  @Test
  void sendsEachValueSomewhereElse() {
    for (int size : new int[] {0, 1, 2, 3, 7, 64, 4096, 4097, 10_000, 70_000}) {
      long[] values = values(new Permutation(size, size));
      Arrays.sort(values);
      for (int at = 0; at < size; at++) {
        assertThat(values[at]).isEqualTo(at);
      }
    }
  }

  @Test
  void isTheSameForASeedAndAnotherForAnother() {
    assertThat(values(new Permutation(5000, 1))).isEqualTo(values(new Permutation(5000, 1)));
    assertThat(values(new Permutation(5000, 1))).isNotEqualTo(values(new Permutation(5000, 2)));
    assertThat(values(new Permutation(100, 1))).isNotEqualTo(values(new Permutation(100, 2)));
  }

  @Test
  void hasEvenChancesHoweverSmallOrLarge() {
    for (int size : new int[] {2, 3, 5, 8, 13, 5000}) {
      int trials = size > 1000 ? 200 : 4_000;
      int cells = Math.min(size, 20);
      double[][] counts = new double[cells][cells];
      for (int trial = 0; trial < trials; trial++) {
        Permutation permutation = new Permutation(size, Permutation.mix(trial));
        for (int at = 0; at < size; at++) {
          counts[at * cells / size][(int) (permutation.at(at) * cells / size)]++;
        }
      }
      double mean = trials * (double) size / (cells * cells);
      double squares = 0;
      for (double[] row : counts) {
        for (double count : row) {
          squares += (count - mean) * (count - mean) / mean;
        }
      }
      double freedom = (cells - 1.0) * (cells - 1);
      // Chi-square: five deviations above its mean.
      assertThat(squares).as("size %d", size).isLessThan(freedom + 5 * Math.sqrt(2 * freedom));
    }
  }

  @Test
  void canBeLargerThanAnyTable() {
    Permutation permutation = new Permutation(1L << 40, 3);

    assertThat(permutation.at(0)).isBetween(0L, (1L << 40) - 1).isNotEqualTo(permutation.at(1));
  }
}
