package org.trainyard.pipeline.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An even mix of sequences")
class EvenMixTest {

  private static List<Integer> all(long[] sizes, long from) {
    EvenMix mix = new EvenMix(sizes, from);
    List<Integer> turns = new ArrayList<>();
    for (long left = sum(sizes) - from; left > 0; left--) {
      turns.add(mix.next());
    }
    return turns;
  }

  private static long sum(long[] sizes) {
    long sum = 0;
    for (long size : sizes) {
      sum += size;
    }
    return sum;
  }

  @Test
  void takesTurnsBetweenSequencesOfOneLength() {
    assertThat(all(new long[] {3, 3}, 0)).containsExactly(0, 1, 0, 1, 0, 1);
  }

  @Test
  void spreadsAShortSequenceOverALongOne() {
    assertThat(all(new long[] {6, 2}, 0)).containsExactly(0, 0, 1, 0, 0, 0, 1, 0);
  }

  @Test
  void leavesOutWhatIsEmpty() {
    assertThat(all(new long[] {0, 2, 0}, 0)).containsExactly(1, 1);
    assertThat(all(new long[] {0, 0}, 0)).isEmpty();
  }

  @Test
  void isTheSameFromAnyPosition() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      long[] sizes = random.longs(random.nextInt(1, 6), 0, 40).toArray();
      List<Integer> whole = all(sizes, 0);
      for (int from = 0; from <= whole.size(); from++) {
        assertThat(all(sizes, from)).isEqualTo(whole.subList(from, whole.size()));
      }
    }
  }

  @Test
  void neverStraysFromTheShareOfASequenceByMoreThanHalfAnItemForEach() {
    long[] sizes = {1000, 333, 10, 1};
    EvenMix mix = new EvenMix(sizes, 0);
    for (long at = 1; at <= sum(sizes); at++) {
      mix.next();
      for (int sequence = 0; sequence < sizes.length; sequence++) {
        double share = (double) at * sizes[sequence] / sum(sizes);
        assertThat(Math.abs(mix.taken(sequence) - share)).isLessThanOrEqualTo(2.5);
      }
    }
  }

  @Test
  void seeksInALongMixWithoutGoingThroughIt() {
    long[] sizes = {1L << 30, 1L << 28, 12345};
    EvenMix mix = new EvenMix(sizes, 1_000_000_007L);
    assertThat(mix.taken(0) + mix.taken(1) + mix.taken(2)).isEqualTo(1_000_000_007L);
    assertThat((double) mix.taken(0) / mix.taken(1)).isBetween(3.9999, 4.0001);
  }

  @Test
  void refusesAPositionBehindItsEnd() {
    assertThatThrownBy(() -> new EvenMix(new long[] {2, 3}, 6))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("item 6 of 5");
  }
}
