package org.trainyard.training.dl4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Vector functions")
class VectorMathTest {
  @Nested
  class Tanh {
    @Test
    void isWithinItsErrorEverywhere() {
      int count = 40_001;
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (i - 20_000) / 1600f;
      }
      float[] result = values.clone();
      VectorMath.tanh(result, 0, count);
      for (int i = 0; i < count; i++) {
        double exact = Math.tanh(values[i]);
        assertThat((double) result[i]).isCloseTo(exact, within(3e-7 * Math.abs(exact) + 1e-30));
      }
    }

    @Test
    void saturatesAndKeepsNaN() {
      float[] values = {Float.NEGATIVE_INFINITY, -100, 100, Float.POSITIVE_INFINITY, Float.NaN};
      VectorMath.tanh(values, 0, 5);
      assertThat(values).containsExactly(-1, -1, 1, 1, Float.NaN);
    }

    @Test
    void changesOnlyItsRange() {
      float[] values = {2, 2, 2, 2};
      VectorMath.tanh(values, 1, 2);
      assertThat(values[0]).isEqualTo(2);
      assertThat(values[1]).isEqualTo(values[2]).isLessThan(1);
      assertThat(values[3]).isEqualTo(2);
    }
  }

  @Nested
  class Exp {
    @Test
    void isWithinItsErrorDownToItsFloor() {
      int count = 8_701;
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = -i / 100f;
      }
      float[] result = values.clone();
      double sum = VectorMath.exp(result, new float[count], count, 0);
      double exactSum = 0;
      for (int i = 0; i < count; i++) {
        double exact = Math.exp(values[i]);
        exactSum += exact;
        assertThat((double) result[i]).isCloseTo(exact, within(2e-7 * exact));
      }
      assertThat(sum).isCloseTo(exactSum, within(1e-7 * exactSum));
    }

    @Test
    void isNeverZeroAndKeepsNaN() {
      float[] values = {-1000, Float.NaN, 3};
      VectorMath.exp(values, new float[3], 3, 3);
      assertThat(values[0]).isPositive().isLessThan(1e-37f);
      assertThat(values[1]).isNaN();
      assertThat(values[2]).isEqualTo(1);
    }
  }

  @Test
  void findsTheLargest() {
    assertThat(VectorMath.largest(new float[] {-3, -1, -2}, 3)).isEqualTo(-1);
    assertThat(VectorMath.largest(new float[] {-3, -1, 5}, 2)).isEqualTo(-1);
    assertThat(VectorMath.largest(new float[] {1, Float.NaN, 2}, 3)).isNaN();
  }
}
