package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Filling batches in order")
class GreedyFillTest {

  private static List<Integer> rows(Examples examples, BatchLimits limits) {
    Plan plan = new Plan(examples.size());
    GreedyFill.fill(examples, limits, plan);
    plan.checked(limits);
    List<Integer> rows = new ArrayList<>();
    for (int batch = 0; batch < plan.batches(); batch++) {
      rows.add(plan.rows(batch));
    }
    return rows;
  }

  @Test
  void closesABatchBeforeTheBudgetBreaks() {
    assertThat(rows(Lengths.examples(2, 2, 2, 5, 1, 1), new BatchLimits(8, 0, 1)))
        .containsExactly(3, 1, 2);
  }

  @Test
  void countsTheWidestOfTheBatchForEveryRow() {
    assertThat(rows(Lengths.examples(1, 1, 1, 3), new BatchLimits(9, 0, 1))).containsExactly(3, 1);
    assertThat(rows(Lengths.examples(1, 1, 3), new BatchLimits(9, 0, 1))).containsExactly(3);
  }

  @Test
  void countsPaddingToAMultiple() {
    assertThat(rows(Lengths.examples(1, 1, 1), new BatchLimits(16, 0, 8))).containsExactly(2, 1);
  }

  @Test
  void holdsNoMoreThanSoManyExamples() {
    assertThat(rows(Lengths.examples(1, 1, 1, 1, 1), new BatchLimits(100, 2, 1)))
        .containsExactly(2, 2, 1);
  }

  @Test
  void countsBothDimensions() {
    Examples examples = new Examples();
    examples.add(0, 0, 4, 1);
    examples.add(1, 1, 2, 5);

    assertThat(rows(examples, new BatchLimits(18, 0, 1))).containsExactly(2);
    assertThat(rows(examples, new BatchLimits(17, 0, 1))).containsExactly(1, 1);
  }

  @Test
  void neverSplitsAGroup() {
    Examples examples = new Examples();
    examples.add(0, 7, 2, 0);
    examples.add(1, 8, 2, 0);
    examples.add(2, 8, 2, 0);
    examples.add(3, 8, 2, 0);

    assertThat(rows(examples, new BatchLimits(6, 0, 1))).containsExactly(1, 3);
    assertThatThrownBy(() -> rows(examples, new BatchLimits(5, 0, 1)))
        .hasMessageContaining("Group 8");
  }

  @Test
  void makesNothingOfNothing() {
    assertThat(rows(new Examples(), new BatchLimits(5, 0, 1))).isEmpty();
  }

  @Test
  void keepsItsPromisesForAnyExamples() {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < 300; trial++) {
      Examples examples = new Examples();
      int group = 0;
      while (examples.size() < random.nextInt(1, 200)) {
        group++;
        for (int member = random.nextInt(1, 4); member > 0; member--) {
          examples.add(examples.size(), group, random.nextInt(1, 50), random.nextInt(0, 20));
        }
      }
      BatchLimits limits =
          new BatchLimits(random.nextInt(300, 900), random.nextInt(0, 2) * 9, random.nextInt(1, 9));
      Plan plan = new Plan(examples.size());
      GreedyFill.fill(examples, limits, plan);

      plan.checked(limits);
      Set<List<Integer>> slots = new HashSet<>();
      for (int at = 0; at < examples.size(); at++) {
        slots.add(List.of(plan.batch(at), plan.row(at)));
        boolean together = at > 0 && examples.group(at) == examples.group(at - 1);
        assertThat(!together || plan.batch(at) == plan.batch(at - 1)).isTrue();
        assertThat(plan.first(plan.batch(at))).isGreaterThanOrEqualTo(examples.first(at));
        assertThat(plan.second(plan.batch(at))).isGreaterThanOrEqualTo(examples.second(at));
      }
      assertThat(slots).hasSize(examples.size());
    }
  }
}
