package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Counts of keys")
class CountsTest {

  @Test
  void agreeWithAMapAndAreForgottenWhenCleared() {
    Counts counts = new Counts();
    SplittableRandom random = new SplittableRandom(11);
    for (int size : new int[] {10, 5000, 3, 70_000, 100}) {
      counts.clear(size);
      Map<Long, Integer> expected = new HashMap<>();
      for (int i = 0; i < size; i++) {
        long key = (long) random.nextInt(size) - size / 2;
        assertThat(counts.add(key)).isEqualTo(expected.merge(key, 1, Integer::sum));
      }
      expected.forEach((key, count) -> assertThat(counts.count(key)).isEqualTo(count));
      assertThat(counts.count(1L << 40)).isZero();
    }
  }
}
