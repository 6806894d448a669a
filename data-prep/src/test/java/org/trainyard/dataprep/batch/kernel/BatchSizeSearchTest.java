package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.dataprep.batch.kernel.BatchSizeSearch.Found;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.pipeline.batch.MemoryProbe.Shape;

@DisplayName("The search for batch sizes")
class BatchSizeSearchTest {
  private static final BatchSizeSearch SEARCH = new BatchSizeSearch(32, 0.05);

  /** A memory of so many bytes; a step takes what the formula says, several the sum of most. */
  private static final class Formula implements MemoryProbe.Trials {
    private final long bytes;
    private final ToLongFunction<Shape> taken;
    private final List<Shape> tried = new ArrayList<>();

    Formula(long bytes, ToLongFunction<Shape> taken) {
      this.bytes = bytes;
      this.taken = taken;
    }

    boolean fits(int rows, int units) {
      return taken.applyAsLong(new Shape(rows, units)) <= bytes;
    }

    @Override
    public Optional<Memory> run(List<Shape> shapes) {
      tried.addAll(shapes);
      long most = shapes.stream().mapToLong(taken).max().orElse(0);
      return most <= bytes ? Optional.of(new Memory(0, most)) : Optional.empty();
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static int[] any(int buckets) {
    int[] most = new int[buckets];
    Arrays.fill(most, Integer.MAX_VALUE);
    return most;
  }

  private static int[] rows(List<Found> found) {
    return found.stream().mapToInt(Found::rows).toArray();
  }

  @Nested
  class OfAnyModel {
    /** Bytes grow with rows and with units, linearly and by the square, after a seeded draw. */
    private Formula drawn(SplittableRandom random) {
      long fixed = random.nextLong(1 << 20);
      long row = random.nextLong(1, 1 << 12);
      long unit = random.nextLong(1, 1 << 10);
      long square = random.nextBoolean() ? random.nextLong(4) : 0;
      return new Formula(
          random.nextLong(1 << 21, 1L << 32),
          shape ->
              fixed
                  + shape.rows()
                      * (row + unit * shape.units() + square * shape.units() * shape.units()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void endsWithinAGapOfWhatDoesNotFit(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int trial = 0; trial < 50; trial++) {
        Formula memory = drawn(random);
        int[] units = random.ints(6, 1, 2000).sorted().distinct().toArray();

        List<Found> found = SEARCH.search(units, any(units.length), memory);

        assertThat(found).extracting(Found::units).containsExactly(boxed(units));
        for (Found bucket : found) {
          int over = Math.max(bucket.rows() + 1, (int) Math.ceil(bucket.rows() / 0.95));
          assertThat(bucket.rows() == 0 || memory.fits(bucket.rows(), bucket.units())).isTrue();
          assertThat(memory.fits(over, bucket.units())).as("%s, %d rows", bucket, over).isFalse();
        }
      }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void triesNoMoreThanItSays(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int trial = 0; trial < 50; trial++) {
        Formula memory = drawn(random);
        int[] units = random.ints(6, 1, 2000).sorted().distinct().toArray();

        List<Found> found = SEARCH.search(units, any(units.length), memory);

        int before = 32;
        for (int at = found.size() - 1; at >= 0; at--) {
          int rows = Math.max(1, found.get(at).rows());
          int doublings = (int) Math.ceil(Math.abs(Math.log(rows / (double) before) / Math.log(2)));
          assertThat(found.get(at).probes()).isLessThanOrEqualTo(doublings + 5 + 2);
          before = found.get(at).rows() == 0 ? 32 : 2 * rows;
        }
        int sum = found.stream().mapToInt(Found::probes).sum();
        assertThat(memory.tried).hasSize(sum);
      }
    }

    @Test
    void neverGivesAShorterBucketFewerRows() {
      SplittableRandom random = new SplittableRandom(9);
      for (int trial = 0; trial < 50; trial++) {
        int[] units = random.ints(8, 1, 2000).sorted().distinct().toArray();
        int[] rows = rows(SEARCH.search(units, any(units.length), drawn(random)));
        for (int at = 1; at < rows.length; at++) {
          assertThat(rows[at]).isLessThanOrEqualTo(rows[at - 1]);
        }
      }
    }

    private Integer[] boxed(int[] values) {
      return Arrays.stream(values).boxed().toArray(Integer[]::new);
    }
  }

  @Nested
  class GoesFromTheLongestDown {
    private final Formula memory = new Formula(1000, shape -> (long) shape.rows() * shape.units());

    @Test
    void doublingThenBisecting() {
      SEARCH.search(new int[] {10}, any(1), memory);
      assertThat(memory.tried)
          .extracting(Shape::rows)
          .containsExactly(32, 64, 128, 96, 112, 104, 100);
    }

    @Test
    void halvingWhileNothingFits() {
      SEARCH.search(new int[] {250}, any(1), memory);
      assertThat(memory.tried).extracting(Shape::rows).containsExactly(32, 16, 8, 4, 6, 5);
    }

    @Test
    void startingAtTwiceTheRowsOfTheLongerBucket() {
      List<Found> found = SEARCH.search(new int[] {5, 10}, any(2), memory);
      assertThat(rows(found)).containsExactly(200, 100);
      assertThat(memory.tried)
          .filteredOn(shape -> shape.units() == 5)
          .first()
          .isEqualTo(new Shape(200, 5));
    }

    @Test
    void leavingOutLengthsThatDoNotFitAtAll() {
      assertThat(rows(SEARCH.search(new int[] {500, 1001}, any(2), memory))).containsExactly(2, 0);
    }

    @Test
    void stoppingAtTheRowsThereAre() {
      assertThat(rows(SEARCH.search(new int[] {1, 10}, new int[] {150, 7}, memory)))
          .containsExactly(150, 7);
      assertThat(memory.tried).contains(new Shape(7, 10), new Shape(150, 1));
    }
  }

  @Nested
  class PutTogether {
    private final List<Found> found =
        List.of(new Found(10, 100, Memory.NONE, 1), new Found(2000, 0, Memory.NONE, 1));

    @Test
    void staysWhereAllFitOnOneReplica() {
      assertThat(BatchSizeSearch.together(found, new Formula(1000, shape -> 1000))).contains(found);
    }

    @Test
    void givesUpATenthUntilItFits() {
      Formula memory = new Formula(850, shape -> (long) shape.rows() * shape.units());
      assertThat(rows(BatchSizeSearch.together(found, memory).orElseThrow()))
          .containsExactly(81, 0);
    }

    @Test
    void endsWhereNothingHelps() {
      assertThat(BatchSizeSearch.together(found, new Formula(0, shape -> 1))).isEmpty();
    }
  }

  @Test
  void passesOnThatAStepIsBroken() {
    MemoryProbe.Trials broken =
        new Formula(
            1,
            shape -> {
              throw new IllegalStateException("no such library");
            });
    assertThatThrownBy(() -> SEARCH.search(new int[] {1}, any(1), broken))
        .hasMessage("no such library");
  }

  @Test
  void tellsTheMeanRowsOfABatch() {
    BatchSizes sizes = new BatchSizes(new int[] {10, 100}, new int[] {50, 4});
    // 3 batches of up to 50 rows for 101 short examples, 2 of up to 4 for 5 long ones.
    assertThat(sizes.meanRows(new int[] {3, 10, 11}, new long[] {100, 1, 5})).isEqualTo(106 / 5.0);
  }
}
