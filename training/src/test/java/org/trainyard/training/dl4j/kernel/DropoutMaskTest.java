package org.trainyard.training.dl4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Dropout mask")
class DropoutMaskTest {
  @Test
  void dropsItsShareInEveryPlace() {
    DropoutMask mask = new DropoutMask(0.2);
    int[] dropped = new int[7];
    for (int row = 0; row < 10_000; row++) {
      float[] values = row(mask, 3, row);
      for (int j = 0; j < 7; j++) {
        dropped[j] += values[j] == 0 ? 1 : 0;
      }
    }
    for (int count : dropped) {
      // Binomial, 10,000 draws: five standard deviations.
      assertThat(count).isCloseTo(2000, within(200));
    }
  }

  @Test
  void dividesTheOthersByTheShareThatIsKept() {
    float[] values = row(new DropoutMask(0.2), 3, 0);
    for (float value : values) {
      assertThat(value == 0 || value == 1.25f).isTrue();
    }
  }

  @Test
  void isTheSameForTheSameSeedAndRow() {
    DropoutMask mask = new DropoutMask(0.5);
    assertThat(row(mask, 3, 8)).isEqualTo(row(mask, 3, 8));
    assertThat(row(mask, 3, 8)).isNotEqualTo(row(mask, 4, 8));
    assertThat(row(mask, 3, 8)).isNotEqualTo(row(mask, 3, 9));
  }

  @Test
  void keepsAllAtRateZero() {
    assertThat(row(new DropoutMask(0), 3, 0)).containsOnly(1);
  }

  private static float[] row(DropoutMask mask, long seed, long row) {
    float[] values = new float[23];
    Arrays.fill(values, 1);
    mask.apply(values, 0, 23, seed, row);
    return values;
  }
}
