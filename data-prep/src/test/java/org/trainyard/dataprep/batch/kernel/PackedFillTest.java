package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Filling batches of packed rows")
class PackedFillTest {
  private static final RowFit FIT = new BestFit();

  private static Plan plan(Examples examples, BatchLimits limits, int rowLength) {
    Plan plan = new Plan(examples.size());
    PackedFill.fill(examples, limits, rowLength, FIT, plan);
    check(examples, plan.checked(limits));
    return plan;
  }

  /** Every unit of a batch belongs to one example at most, and lies within the batch. */
  private static void check(Examples examples, Plan plan) {
    Map<Long, TreeMap<Integer, Integer>> rows = new HashMap<>();
    for (int at = 0; at < examples.size(); at++) {
      int batch = plan.batch(at);
      assertThat(plan.row(at)).isLessThan(plan.rows(batch));
      assertThat(plan.offset(at) + examples.first(at)).isLessThanOrEqualTo(plan.first(batch));
      Integer other =
          rows.computeIfAbsent((long) batch << 32 | plan.row(at), row -> new TreeMap<>())
              .put(plan.offset(at), examples.first(at));
      assertThat(other).isNull();
    }
    rows.values()
        .forEach(
            row -> {
              int end = 0;
              for (Map.Entry<Integer, Integer> example : row.entrySet()) {
                assertThat(example.getKey()).isEqualTo(end);
                end += example.getValue();
              }
            });
  }

  private static int most(Plan plan, int[] lengths) {
    return Arrays.stream(lengths).map(at -> plan.batch(at) + 1).max().orElse(0);
  }

  @Test
  void putsExamplesBehindOneAnother() {
    Plan plan = plan(Lengths.examples(6, 4, 7, 3), new BatchLimits(20, 0, 1), 10);

    assertThat(plan.batches()).isEqualTo(1);
    assertThat(plan.rows(0)).isEqualTo(2);
    assertThat(plan.first(0)).isEqualTo(10);
    assertThat(plan.row(0)).isEqualTo(plan.row(1)).isNotEqualTo(plan.row(2));
  }

  @Test
  void cutsTheWidthToTheFullestRow() {
    Plan plan = plan(Lengths.examples(6, 3), new BatchLimits(100, 0, 4), 20);

    assertThat(plan.rows(0)).isEqualTo(1);
    assertThat(plan.first(0)).isEqualTo(12);
  }

  @Nested
  class TakesRows {
    @Test
    void thatFillTheBudgetIfNoLengthIsGiven() {
      // Three rows of the longest would leave 10 units of 100: three rows of 33 leave one.
      Plan plan = plan(Lengths.examples(30, 30, 30, 3, 3, 3), new BatchLimits(100, 0, 1), 0);

      assertThat(plan.batches()).isEqualTo(1);
      assertThat(plan.first(0)).isEqualTo(33);
    }

    @Test
    void noMoreThanSoMany() {
      Plan plan = plan(Lengths.examples(5, 5, 5, 5, 5), new BatchLimits(100, 2, 1), 5);

      assertThat(plan.batches()).isEqualTo(3);
      assertThat(plan.rows(0)).isEqualTo(2);
    }

    @Test
    void ofAllLengthsIntoABatch() {
      Plan plan = plan(Lengths.examples(Lengths.logNormal(20_000, 3)), LIMITS, 8192);
      int[] whole = new int[plan.batches()];
      int[] rows = new int[plan.batches()];
      for (int at = 0; at < 20_000; at++) {
        whole[plan.batch(at)]++;
        rows[plan.batch(at)] = Math.max(rows[plan.batch(at)], plan.row(at) + 1);
      }
      // In order of filling, a first batch of the longest examples would hold one for each row.
      assertThat(whole[0]).isGreaterThan(2 * rows[0]);
    }

    private static final BatchLimits LIMITS = new BatchLimits(32 * 8192, 0, 1);
  }

  @Nested
  class KeepsGroupsTogether {
    private Examples grouped(int[]... groups) {
      Examples examples = new Examples();
      for (int group = 0; group < groups.length; group++) {
        for (int length : groups[group]) {
          examples.add(examples.size(), group, length, 0);
        }
      }
      return examples;
    }

    @Test
    void inOneRowIfTheyFit() {
      Plan plan = plan(grouped(new int[] {4, 3}, new int[] {6}), new BatchLimits(20, 0, 1), 10);

      assertThat(plan.row(0)).isEqualTo(plan.row(1));
    }

    @Test
    void inOneBatchWithTheRestFilledUp() {
      Plan plan =
          plan(
              grouped(new int[] {8, 8}, new int[] {2}, new int[] {2}, new int[] {9}),
              new BatchLimits(20, 0, 1),
              10);

      assertThat(plan.batch(0)).isEqualTo(plan.batch(1));
      assertThat(plan.batch(2)).isEqualTo(plan.batch(3)).isEqualTo(plan.batch(0));
      assertThat(plan.batch(4)).isNotEqualTo(plan.batch(0));
    }

    @Test
    void inABatchOfTheirOwnIfRowsWouldNotHoldThem() {
      // Three rows of 6 are within 20 units, three rows of 10 are not.
      Plan plan = plan(grouped(new int[] {6, 6, 6}, new int[] {1}), new BatchLimits(20, 0, 1), 10);

      assertThat(plan.rows(plan.batch(0))).isEqualTo(3);
      assertThat(plan.first(plan.batch(0))).isEqualTo(6);
      assertThat(plan.batch(3)).isNotEqualTo(plan.batch(0));
    }
  }

  @Test
  void keepsItsPromisesForAnyExamples() {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < 300; trial++) {
      BatchLimits limits =
          new BatchLimits(random.nextInt(300, 900), random.nextInt(0, 2) * 9, random.nextInt(1, 9));
      Examples examples = new Examples();
      int group = 0;
      while (examples.size() < random.nextInt(1, 200)) {
        group++;
        for (int member = random.nextInt(1, 4); member > 0; member--) {
          examples.add(examples.size(), group, random.nextInt(1, 50), 0);
        }
      }
      for (int rowLength : new int[] {0, 64, 200}) {
        assertThat(splitGroups(examples, plan(examples, limits, rowLength))).isZero();
      }
    }
  }

  @Test
  void keepsThemFromSliceToSlice() {
    Examples examples = new Examples();
    // More than one slice, and three in a group do not divide it.
    while (examples.size() < 270_000) {
      examples.add(examples.size(), examples.size() / 3, 1 + examples.size() % 40, 0);
    }
    BatchLimits limits = new BatchLimits(4096, 0, 1);
    long units = 0;
    for (int at = 0; at < examples.size(); at++) {
      units += examples.first(at);
    }

    Plan plan = plan(examples, limits, 256);

    assertThat(splitGroups(examples, plan)).isZero();
    assertThat(plan.batches()).isLessThan((int) (units / (0.99 * limits.budget())));
  }

  private static int splitGroups(Examples examples, Plan plan) {
    int split = 0;
    for (int at = 1; at < examples.size(); at++) {
      boolean together = examples.group(at) == examples.group(at - 1);
      split += together && plan.batch(at) != plan.batch(at - 1) ? 1 : 0;
    }
    return split;
  }

  @Test
  void makesNothingOfNothing() {
    Plan plan = plan(new Examples(), new BatchLimits(5, 0, 1), 0);

    assertThat(most(plan, new int[0])).isZero();
  }

  @Test
  void isTheSameForTheSameExamples() {
    Examples examples = Lengths.examples(Lengths.logNormal(1000, 8));
    Plan one = plan(examples, new BatchLimits(16_384, 0, 1), 0);
    Plan other = plan(examples, new BatchLimits(16_384, 0, 1), 0);
    for (int at = 0; at < examples.size(); at++) {
      assertThat(other.batch(at)).isEqualTo(one.batch(at));
      assertThat(other.row(at)).isEqualTo(one.row(at));
    }
  }
}
