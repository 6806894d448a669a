package org.trainyard.dataprep.synthesize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A reservoir")
class ReservoirTest {

  private static Reservoir full(int capacity) {
    Reservoir reservoir = new Reservoir(capacity, 1);
    for (int sample = 0; sample < capacity; sample++) {
      reservoir.put(sample);
    }
    return reservoir;
  }

  @Nested
  class Blocks {
    @Test
    void whileAllOfItsSamplesAreUnseen() {
      Reservoir reservoir = full(8);
      assertThat(reservoir.put(8)).isEqualTo(Reservoir.BLOCKED);
      int slot = reservoir.draw();
      assertThat(reservoir.put(8)).isEqualTo(slot);
      assertThat(reservoir.sample(slot)).isEqualTo(8);
      assertThat(reservoir.put(9)).isEqualTo(Reservoir.BLOCKED);
    }

    @Test
    void neverWhileASlotIsFree() {
      Reservoir reservoir = new Reservoir(3, 1);
      for (int sample = 0; sample < 3; sample++) {
        assertThat(reservoir.put(sample)).isNotEqualTo(Reservoir.BLOCKED);
      }
      assertThat(reservoir.size()).isEqualTo(3);
      assertThat(reservoir.seen()).isZero();
    }
  }

  @Nested
  class LosesNoSampleUnseen {
    @Test
    void whateverTheOrderOfPutsAndDraws() {
      Reservoir reservoir = new Reservoir(50, 7);
      Set<Long> seen = new HashSet<>();
      long next = 0;
      for (int turn = 0; turn < 20_000; turn++) {
        // A producer that is now faster, now slower than the trainer.
        int offers = turn / 1000 % 2 == 0 ? 3 : 1;
        for (int offer = 0; offer < offers; offer++) {
          next += reservoir.put(next) == Reservoir.BLOCKED ? 0 : 1;
        }
        for (int draw = 0; draw < 2; draw++) {
          seen.add(reservoir.sample(reservoir.draw()));
        }
        assertThat(reservoir.fresh()).isEqualTo(seen.size());
      }
      Set<Long> still = new HashSet<>();
      for (int slot : reservoir.slots()) {
        still.add(reservoir.sample(slot));
      }
      for (long sample = 0; sample < next; sample++) {
        assertThat(seen.contains(sample) || still.contains(sample)).isTrue();
      }
      long unseen = still.stream().filter(sample -> !seen.contains(sample)).count();
      assertThat(reservoir.seen()).isEqualTo(50 - (int) unseen);
    }
  }

  @Nested
  class Mixes {
    @Test
    void bySendingEverySampleWithEqualChance() {
      Reservoir reservoir = full(100);
      int[] drawn = new int[100];
      int draws = 100_000;
      for (int draw = 0; draw < draws; draw++) {
        drawn[(int) reservoir.sample(reservoir.draw())]++;
      }
      double chiSquare = 0;
      for (int count : drawn) {
        chiSquare += Math.pow(count - draws / 100.0, 2) / (draws / 100.0);
      }
      // 99 degrees of freedom: mean 99, deviation √198 = 14; five deviations either way.
      assertThat(chiSquare).isBetween(99 - 70.0, 99 + 70.0);
    }

    @Test
    void byEvictingEverySeenSampleWithEqualChance() {
      int[] evicted = new int[20];
      int trials = 20_000;
      for (int trial = 0; trial < trials; trial++) {
        Reservoir reservoir = new Reservoir(20, trial);
        for (int sample = 0; sample < 20; sample++) {
          reservoir.put(sample);
        }
        while (reservoir.seen() < 20) {
          reservoir.draw();
        }
        long[] before = new long[20];
        for (int slot = 0; slot < 20; slot++) {
          before[slot] = reservoir.sample(slot);
        }
        evicted[(int) before[reservoir.put(20)]]++;
      }
      double deviation = Math.sqrt(trials * 0.05 * 0.95);
      for (int count : evicted) {
        assertThat(count).isCloseTo(trials / 20, within((int) (5 * deviation)));
      }
    }

    @Test
    void soThatASampleIsDrawnAsOftenAsDrawsOutnumberFreshSamples() {
      ReservoirCourse course = new ReservoirCourse(1000, 500, 8, 32, 3);
      course.skipTo(20_000);
      double draws = 20_000.0 * 32 / course.reservoir().fresh();
      assertThat(draws).isCloseTo(4, within(0.1));
      assertThat(course.blocked()).isZero();
    }

    @Test
    void soThatSamplesOfManyTimesMeetInABatch() {
      ReservoirCourse course = new ReservoirCourse(1000, 1000, 8, 32, 3);
      course.skipTo(2_000);
      int[] slots = new int[32];
      course.batch(slots, slot -> {});
      long oldest = course.next();
      Map<Long, Integer> ages = new HashMap<>();
      for (int slot : slots) {
        long age = course.next() - course.reservoir().sample(slot);
        oldest = Math.min(oldest, course.reservoir().sample(slot));
        ages.merge(age / 500, 1, Integer::sum);
      }
      assertThat(course.next() - oldest).isGreaterThan(1000);
      assertThat(ages).hasSizeGreaterThan(2);
    }
  }

  @Test
  void letsProducersWaitWhenTheyAreFasterThanTraining() {
    ReservoirCourse course = new ReservoirCourse(100, 100, 64, 32, 3);
    course.skipTo(5_000);
    assertThat(course.blocked()).isGreaterThan(4_900);
    // All that is drawn is let in: no sample is drawn much more often than once.
    assertThat(5_000.0 * 32 / course.reservoir().fresh()).isBetween(1.0, 1.35);
  }

  @Test
  void hasNothingToDrawWhileItIsEmpty() {
    assertThatThrownBy(() -> new Reservoir(4, 1).draw()).hasMessageContaining("nothing to draw");
  }
}
