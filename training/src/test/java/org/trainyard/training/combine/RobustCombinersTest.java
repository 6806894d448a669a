package org.trainyard.training.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.training.engine.Parameters;

@DisplayName("Combiners that hold against broken shards")
class RobustCombinersTest {
  private static final Combiner MEAN = new WeightedMean().create(new WeightedMean.Settings());
  private static final Combiner MEDIAN = new Median().create(new Median.Settings());
  private static final Combiner KRUM = krum(2, 0);
  private static final int SHARDS = 8;
  private static final int LIARS = 2;
  private static final int LENGTH = 5_000;

  private static Combiner trimmed(double share) {
    return new TrimmedMean().create(new TrimmedMean.Settings(share));
  }

  private static Combiner krum(int faulty, int chosen) {
    return new Krum().create(new Krum.Settings(faulty, chosen));
  }

  private static Combiner clip(double radius) {
    return new CenteredClip().create(new CenteredClip.Settings(radius, 50, 1e-4));
  }

  private static Contribution value(int shard, float... values) {
    return new Contribution(shard, 1, Contribution.Form.VALUE, Parameters.of(values));
  }

  /** Gradients of equal shards: a common direction, and noise that is longer. */
  private static float[] honest(int shard) {
    SplittableRandom random = new SplittableRandom(shard);
    float[] gradient = new float[LENGTH];
    for (int at = 0; at < LENGTH; at++) {
      gradient[at] = (float) (Math.sin(at) + random.nextGaussian());
    }
    return gradient;
  }

  private static double cosineToTruth(Parameters made) {
    double product = 0;
    double length = 0;
    double truth = 0;
    for (int at = 0; at < LENGTH; at++) {
      product += made.slice(0)[at] * Math.sin(at);
      length += made.slice(0)[at] * (double) made.slice(0)[at];
      truth += Math.sin(at) * Math.sin(at);
    }
    return product / Math.sqrt(length * truth);
  }

  private static List<Contribution> attacked(UnaryOperator<float[]> attack) {
    List<Contribution> all = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      float[] gradient = honest(shard);
      boolean lies = shard >= 3 && shard < 3 + LIARS;
      all.add(
          new Contribution(
              shard,
              1,
              Contribution.Form.SUM,
              Parameters.of(lies ? attack.apply(gradient) : gradient)));
    }
    return all;
  }

  private static UnaryOperator<float[]> times(float factor) {
    return gradient -> {
      for (int at = 0; at < gradient.length; at++) {
        gradient[at] *= factor;
      }
      return gradient;
    };
  }

  private static UnaryOperator<float[]> nothingButNan() {
    return times(Float.NaN);
  }

  private static UnaryOperator<float[]> oneDirection() {
    return gradient -> {
      java.util.Arrays.fill(gradient, 1000);
      return gradient;
    };
  }

  private static Stream<Arguments> combinersAndAttacks() {
    return Stream.of(MEDIAN, trimmed(0.25), KRUM, clip(0), clip(100))
        .flatMap(
            combiner ->
                Stream.of(times(-1000), times(1000), nothingButNan(), oneDirection())
                    .map(attack -> Arguments.of(combiner, attack)));
  }

  @ParameterizedTest
  @MethodSource("combinersAndAttacks")
  void keepTheDirectionThatTheMeanLoses(Combiner combiner, UnaryOperator<float[]> attack) {
    List<Contribution> contributions = attacked(attack);

    Parameters held = combiner.combine(contributions, 0).mean();

    // One honest shard has 0.58, the mean of six 0.86.
    assertThat(cosineToTruth(held)).isGreaterThan(0.62);
    assertThat(contributions.get(0).vector().slice(0)).containsExactly(honest(0));
  }

  @Test
  void theMeanIndeedLosesIt() {
    assertThat(cosineToTruth(MEAN.combine(attacked(times(-1000)), 0).mean())).isLessThan(0);
  }

  private static Stream<Combiner> all() {
    return Stream.of(MEDIAN, trimmed(0.25), KRUM, krum(1, 1), clip(0), clip(1));
  }

  @ParameterizedTest
  @MethodSource("all")
  void giveWhatAllShardsAgreeOn(Combiner combiner) {
    Combined combined = combiner.combine(List.of(value(0, 1, -2), value(4, 1, -2)), 0);

    assertThat(combined.mean()).isEqualTo(Parameters.of(new float[] {1, -2}));
  }

  @ParameterizedTest
  @MethodSource("all")
  void takeASingleShardAtItsWord(Combiner combiner) {
    Combined combined = combiner.combine(List.of(value(3, 0.1f, 7)), 0);

    assertThat(combined.mean()).isEqualTo(Parameters.of(new float[] {0.1f, 7}));
    assertThat(combined.distrusted()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void giveTheSameBitsOnAllProcessors(Combiner combiner) {
    List<Contribution> contributions = attacked(times(-3));

    assertThat(combiner.combineInParallel(contributions, 0).mean())
        .isEqualTo(combiner.combine(contributions, 0).mean());
  }

  @ParameterizedTest
  @MethodSource("all")
  void compareSumsByTheirMeans(Combiner combiner) {
    List<Contribution> sums = new ArrayList<>();
    for (int shard = 0; shard < 5; shard++) {
      float weight = 1 << shard;
      sums.add(
          new Contribution(
              shard,
              weight,
              Contribution.Form.SUM,
              Parameters.of(new float[] {3 * weight, -weight})));
    }

    assertThat(combiner.combine(sums, 0).mean()).isEqualTo(Parameters.of(new float[] {3, -1}));
  }

  @Nested
  class Median_ {
    @Test
    void isTheMeanOfTheTwoInTheMiddle() {
      Combined combined =
          MEDIAN.combine(List.of(value(0, 9), value(1, 1), value(2, 2), value(3, -50)), 0);

      assertThat(combined.mean().slice(0)).containsExactly(1.5f);
    }
  }

  @Nested
  class TrimmedMean_ {
    @Test
    void leavesOutAsManyOnEachSide() {
      List<Contribution> five =
          List.of(value(0, 1), value(1, 2), value(2, 100), value(3, 6), value(4, -100));

      assertThat(trimmed(0.2).combine(five, 0).mean().slice(0)).containsExactly(3);
      assertThat(trimmed(0).combine(five, 0).mean().slice(0)).containsExactly(1.8f);
      assertThat(trimmed(0.5).combine(five, 0).mean().slice(0)).containsExactly(2);
    }
  }

  @Nested
  class Krum_ {
    @Test
    void namesWhomItLeavesOut() {
      Combined combined = KRUM.combine(attacked(times(-1000)), 0);

      assertThat(combined.distrusted()).containsExactly(3, 4);
    }

    @Test
    void canChooseASingleShard() {
      Combined combined =
          krum(1, 1)
              .combine(
                  List.of(value(0, 0), value(1, 1), value(2, 1.1f), value(3, 2), value(4, 90)), 0);

      assertThat(combined.mean().slice(0)).containsExactly(1.1f);
      assertThat(combined.distrusted()).containsExactly(0, 1, 3, 4);
    }

    @Test
    void countsFewerAsFaultyWhereThereAreFewShards() {
      Combined combined = krum(5, 0).combine(List.of(value(0, 1), value(1, 3)), 0);

      assertThat(combined.mean().slice(0)).containsExactly(2);
      assertThat(combined.distrusted()).isEmpty();
    }
  }

  @Nested
  class CenteredClip_ {
    @Test
    void isTheMeanWhereAllLieWithinTheRadius() {
      Combined combined =
          clip(100).combine(List.of(value(0, 1, 0), value(1, 2, 0), value(2, 6, 3)), 0);

      assertThat(combined.mean().slice(0)[0]).isCloseTo(3, within(1e-3f));
      assertThat(combined.mean().slice(0)[1]).isCloseTo(1, within(1e-3f));
    }

    @Test
    void letsNobodyPullFartherThanTheRadius() {
      List<Contribution> near = List.of(value(0, 0), value(1, 0), value(2, 10));
      List<Contribution> far = List.of(value(0, 0), value(1, 0), value(2, 1e9f));

      assertThat(clip(1).combine(far, 0).mean().slice(0)[0])
          .isCloseTo(clip(1).combine(near, 0).mean().slice(0)[0], within(1e-5f));
    }
  }
}
