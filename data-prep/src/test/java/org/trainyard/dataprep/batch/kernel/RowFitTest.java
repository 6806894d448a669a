package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Fitting pieces into rows")
class RowFitTest {
  private static final int[] NONE = {};

  static Stream<RowFit> all() {
    return Stream.of(new FirstFit(), new BestFit(), new HistogramFit());
  }

  /** Units that lie in each row, those that were there included. */
  private static int[] filled(int[] lengths, int[] rows, int capacity, int[] open) {
    int count = Math.max(open.length, Arrays.stream(rows).max().orElse(-1) + 1);
    int[] filled = new int[count];
    for (int row = 0; row < open.length; row++) {
      filled[row] = capacity - open[row];
    }
    for (int at = 0; at < lengths.length; at++) {
      filled[rows[at]] += lengths[at];
    }
    return filled;
  }

  @ParameterizedTest
  @MethodSource("all")
  void closesEveryGapWhereThatCanBe(RowFit fit) {
    int[] lengths = {3, 7, 5, 5, 2, 8, 10, 1, 9};
    assertThat(filled(lengths, fit.rows(lengths, 10, NONE), 10, NONE)).hasSize(5).containsOnly(10);
  }

  @ParameterizedTest
  @MethodSource("all")
  void fillsRowsThatAreThereBeforeItOpensNewOnes(RowFit fit) {
    int[] open = {3, 0, 6};
    int[] lengths = {6, 3, 4};

    assertThat(fit.rows(lengths, 10, open)).containsExactly(2, 0, 3);
  }

  @ParameterizedTest
  @MethodSource("all")
  void neverOverfillsARowAndNumbersThemWithoutGaps(RowFit fit) {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 300; trial++) {
      int capacity = random.nextInt(1, 5000);
      int[] open = random.ints(random.nextInt(0, 5), 0, capacity + 1).toArray();
      int[] lengths =
          random.ints(random.nextInt(0, 400), 1, random.nextInt(1, capacity + 1) + 1).toArray();
      int[] rows = fit.rows(lengths, capacity, open);
      int[] filled = filled(lengths, rows, capacity, open);

      assertThat(Arrays.stream(filled).max().orElse(0)).isLessThanOrEqualTo(capacity);
      assertThat(Arrays.stream(filled).skip(open.length).min().orElse(1)).isPositive();
      // Two new rows of which each is at most half full would have been one.
      assertThat(Arrays.stream(filled).skip(open.length).filter(units -> 2 * units <= capacity))
          .hasSizeLessThan(2);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesHardlyMoreRowsThanThereMustBe(RowFit fit) {
    int[] lengths = Lengths.logNormal(100_000, 1);
    for (int capacity : new int[] {8192, 16_384}) {
      long units = Arrays.stream(lengths).asLongStream().sum();
      int rows = filled(lengths, fit.rows(lengths, capacity, NONE), capacity, NONE).length;

      assertThat(units / ((double) rows * capacity)).isGreaterThan(0.999);
    }
  }

  @Test
  void byBestFitTakesTheTightestRow() {
    int[] open = {9, 5, 7};
    assertThat(new BestFit().rows(new int[] {5}, 10, open)).containsExactly(1);
    assertThat(new HistogramFit().rows(new int[] {5}, 10, open)).containsExactly(1);
    assertThat(new FirstFit().rows(new int[] {5}, 10, open)).containsExactly(0);
  }

  @Test
  void byHistogramIsAsTightAsByPiece() {
    int[] lengths = Lengths.logNormal(20_000, 5);
    int[] best = filled(lengths, new BestFit().rows(lengths, 8192, NONE), 8192, NONE);
    int[] histogram = filled(lengths, new HistogramFit().rows(lengths, 8192, NONE), 8192, NONE);

    assertThat(histogram.length - best.length).isBetween(-1, 1);
  }

  @Test
  void byFirstFitIsTheTextbookAlgorithm() {
    SplittableRandom random = new SplittableRandom(9);
    int[] lengths = random.ints(700, 1, 100).toArray();
    int[] sorted = IntStream.of(lengths).map(length -> -length).sorted().map(l -> -l).toArray();
    int[] room = new int[700];
    int[] expected = new int[700];
    Arrays.fill(room, 100);
    for (int at = 0; at < 700; at++) {
      int row = 0;
      while (room[row] < sorted[at]) {
        row++;
      }
      room[row] -= sorted[at];
      expected[at] = row;
    }

    assertThat(new FirstFit().rows(sorted, 100, NONE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesWhatNoRowHolds(RowFit fit) {
    assertThatThrownBy(() -> fit.rows(new int[] {3, 11}, 10, NONE))
        .hasMessageContaining("A piece of 11 units does not fit into rows of 10");
  }
}
