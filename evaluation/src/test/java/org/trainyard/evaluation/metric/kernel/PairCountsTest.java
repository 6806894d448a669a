package org.trainyard.evaluation.metric.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;

@DisplayName("Counting pairs")
class PairCountsTest {

  private static Map<String, Long> drained(PairCounts counts) {
    Map<String, Long> pairs = new TreeMap<>();
    counts.drain((context, target, count) -> pairs.put(context + ">" + target, count));
    return pairs;
  }

  @Test
  void takesTheTokenBeforeAndTheTargetOfEveryRealUnit() {
    PairCounts counts = new PairCounts();
    counts.add(
        Batch.of(
            new long[] {1},
            Tensor.ofInts(Batch.INPUT, new int[] {1, 4}, new int[] {0, 5, 0, 9}),
            Tensor.ofInts(Batch.TARGET, new int[] {1, 4}, new int[] {5, 0, 5, 9}),
            Tensor.ofBytes(Batch.MASK, new int[] {1, 4}, new byte[] {1, 1, 1, 0})));
    assertThat(drained(counts)).containsOnly(Map.entry("0>5", 2L), Map.entry("5>0", 1L));
  }

  @Test
  void takesTheClassAloneWhereTargetsAreWholeExamples() {
    PairCounts counts = new PairCounts();
    counts.add(
        Batch.of(new long[] {1, 2}, Tensor.ofInts(Batch.TARGET, new int[] {2}, new int[] {3, 3})));
    assertThat(drained(counts)).containsOnly(Map.entry("-1>3", 2L));
  }

  @Nested
  class WithMorePairsThanItStartsWith {
    @Test
    void countsLikeAMap() {
      SplittableRandom random = new SplittableRandom(9);
      PairCounts counts = new PairCounts();
      Map<String, Long> expected = new TreeMap<>();
      for (int i = 0; i < 20_000; i++) {
        int context = random.nextInt(150) - 1;
        int target = random.nextInt(100);
        counts.add(context, target, 1);
        expected.merge(context + ">" + target, 1L, Long::sum);
      }
      assertThat(counts.size()).isEqualTo(expected.size());
      assertThat(drained(counts)).isEqualTo(expected);
      assertThat(counts.size()).isZero();
    }
  }
}
