package org.trainyard.training.optimize.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The largest of many")
class LargestTest {
  @Test
  void becomeOnesWhereverTheyLie() {
    float[][] arrays = {{0.5f, 3e-9f, 7}, {}, {2e30f, 0, 0.25f}};
    Largest.mark(arrays, 3);
    assertThat(arrays).isDeepEqualTo(new float[][] {{1, 0, 1}, {}, {1, 0, 0}});
  }

  @Test
  void areTheFirstAmongEquals() {
    float[][] arrays = {{2, 1, 1}, {1, 1, 3}};
    Largest.mark(arrays, 4);
    assertThat(arrays).isDeepEqualTo(new float[][] {{1, 1, 1}, {0, 0, 1}});
  }

  @Test
  void canBeNoneOrAll() {
    float[][] arrays = {{2, 0, 1}};
    Largest.mark(arrays, 3);
    assertThat(arrays[0]).containsExactly(1, 1, 1);
    Largest.mark(arrays, 0);
    assertThat(arrays[0]).containsExactly(0, 0, 0);
  }

  @Test
  void stayTheSameWhenMarkedAgain() {
    float[][] arrays = {{5, 4, 3}, {2, 1, 6}};
    Largest.mark(arrays, 2);
    Largest.mark(arrays, 2);
    assertThat(arrays).isDeepEqualTo(new float[][] {{1, 0, 0}, {0, 0, 1}});
  }

  @Test
  void areThoseThatSortingFinds() {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.exp(40 * random.nextDouble() - 20);
    }
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int count : new int[] {1, 10, 500, 999}) {
      float[] marked = values.clone();
      Largest.mark(new float[][] {marked}, count);
      for (int i = 0; i < values.length; i++) {
        assertThat(marked[i]).isEqualTo(values[i] >= sorted[1000 - count] ? 1 : 0);
      }
    }
  }
}
