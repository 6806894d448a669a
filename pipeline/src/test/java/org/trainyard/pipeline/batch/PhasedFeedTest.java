package org.trainyard.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Techniques;

@DisplayName("Feeds whose batches change from epoch to epoch")
class PhasedFeedTest {

  /**
   * A feed of batches of one example, in an order of its own for each epoch.
   *
   * @param first number of the first example; those of shard s begin 1,000 s later
   * @param counts batches by shard
   */
  private record Numbers(long first, int... counts) implements Feed {
    @Override
    public int shards() {
      return counts.length;
    }

    @Override
    public long batches(int shard, long epoch) {
      return counts[shard];
    }

    @Override
    public Cursor open(int shard, long epoch, long from) {
      Permutation order = new Permutation(counts[shard], epoch);
      Iterator<Long> left =
          LongStream.range(from, counts[shard])
              .mapToObj(at -> first + 1000L * shard + order.at(at))
              .iterator();
      return new Cursor() {
        @Override
        public Optional<Batch> next() {
          return left.hasNext() ? Optional.of(batch(left.next())) : Optional.empty();
        }

        @Override
        public void close() {}
      };
    }

    /** Example k has the weight (k mod 5) / 4. */
    private static Batch batch(long example) {
      long[] ids = {example};
      float[] weights = {example % 5 / 4f};
      return new Batch(
          ids, ids, weights, List.of(Tensor.ofFloats(Batch.INPUT, new int[] {1, 1}, weights)));
    }
  }

  private static List<Batch> read(Feed feed, int shard, long epoch, long from) {
    List<Batch> batches = new ArrayList<>();
    try (Feed.Cursor cursor = feed.open(shard, epoch, from)) {
      for (Optional<Batch> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        batches.add(next.get());
      }
    }
    return batches;
  }

  private static List<Long> ids(Feed feed, int shard, long epoch) {
    return read(feed, shard, epoch, 0).stream().map(batch -> batch.exampleIds()[0]).toList();
  }

  private static void assertThatEverySeekGivesTheSameBatches(Feed feed, int epochs) {
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int shard = 0; shard < feed.shards(); shard++) {
        List<Batch> whole = read(feed, shard, epoch, 0);
        assertThat(whole).hasSize((int) feed.batches(shard, epoch));
        for (int from = 0; from <= whole.size(); from++) {
          assertThat(read(feed, shard, epoch, from))
              .usingRecursiveComparison()
              .isEqualTo(whole.subList(from, whole.size()));
        }
      }
    }
  }

  @Nested
  class InTurn {
    private static final Feed COARSE = new Numbers(100, 2, 1);
    private static final Feed HALF = new Numbers(200, 4, 3);
    private static final Feed FULL = new Numbers(300, 8, 0);

    private static PhasedFeed feed(int cycles) {
      return new PhasedFeed(
          List.of(
              new PhasedFeed.Phase(List.of(COARSE), 2, 8),
              new PhasedFeed.Phase(List.of(HALF, FULL), 1, 2),
              new PhasedFeed.Phase(List.of(FULL), 1, 1)),
          cycles);
    }

    @Test
    void comeInTheirOrderAndTheLastGoesOn() {
      PhasedFeed feed = feed(1);
      assertThat(IntStream.range(0, 7).map(feed::phase)).containsExactly(0, 0, 1, 2, 2, 2, 2);
      assertThat(ids(feed, 0, 1)).containsExactlyInAnyOrder(100L, 101L);
      assertThat(ids(feed, 0, 99)).isEqualTo(ids(FULL, 0, 99));
    }

    @Test
    void comeAgainInEveryCycle() {
      PhasedFeed feed = feed(2);
      assertThat(IntStream.range(0, 10).map(feed::phase))
          .containsExactly(0, 0, 1, 2, 0, 0, 1, 2, 2, 2);
      assertThat(feed.phase(1L << 40)).isEqualTo(2);
    }

    @Test
    void askForTheRateOfTheirPhase() {
      PhasedFeed feed = feed(2);
      assertThat(LongStream.range(0, 6).mapToDouble(feed::rate))
          .containsExactly(8.0, 8.0, 2.0, 1.0, 8.0, 8.0);
    }

    @Test
    void handOutAllOfEachTableWhereAPhaseHasSeveral() {
      List<Long> mixed = ids(feed(1), 0, 2);
      List<Long> expected = new ArrayList<>(ids(HALF, 0, 2));
      expected.addAll(ids(FULL, 0, 2));
      assertThat(mixed).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(mixed.subList(0, 6)).filteredOn(id -> id < 300).hasSize(2);
      assertThat(ids(feed(1), 1, 2)).isEqualTo(ids(HALF, 1, 2));
    }

    @Test
    void areASeekFromAnyPosition() {
      assertThatEverySeekGivesTheSameBatches(feed(2), 9);
    }
  }

  @Nested
  class WithFadingWeights {
    private static final Feed FOUR = new Numbers(0, 4);

    private static List<Float> weights(double epochs, long epoch) {
      return read(new FadedFeed(FOUR, epochs), 0, epoch, 0).stream()
          .map(batch -> batch.weights()[0])
          .toList();
    }

    /** Weights as they would be at a share of the way, batch by batch. */
    private static List<Float> expected(long epoch, double... shares) {
      List<Float> weights = new ArrayList<>();
      List<Long> ids = ids(FOUR, 0, epoch);
      for (int at = 0; at < shares.length; at++) {
        weights.add((float) (ids.get(at) % 5 / 4.0 * (1 - shares[at]) + shares[at]));
      }
      return weights;
    }

    @Test
    void goesInAStraightLineFromTheirOwnToOne() {
      assertThat(weights(2, 0)).isEqualTo(expected(0, 0, 0.125, 0.25, 0.375));
      assertThat(weights(2, 1)).isEqualTo(expected(1, 0.5, 0.625, 0.75, 0.875));
      assertThat(weights(2, 2)).containsOnly(1f);
    }

    @Test
    void mayTakeAPartOfAnEpoch() {
      assertThat(weights(0.5, 0)).isEqualTo(expected(0, 0, 0.5, 1, 1));
    }

    @Test
    void isOverAtOnceWithoutEpochs() {
      assertThat(weights(0, 0)).containsOnly(1f);
    }

    @Test
    void changesNothingElse() {
      List<Batch> faded = read(new FadedFeed(FOUR, 1.5), 0, 1, 0);
      assertThat(faded)
          .usingRecursiveComparison()
          .ignoringFields("weights")
          .isEqualTo(read(FOUR, 0, 1, 0));
    }

    @Test
    void isASeekFromAnyPosition() {
      assertThatEverySeekGivesTheSameBatches(new FadedFeed(new Numbers(0, 7, 1, 0), 1.7), 3);
    }
  }

  @Nested
  class Refuses {
    private static void create(String settings) {
      Techniques.create(
          Techniques.of(FeedTechnique.class).named("in-turn", "feed"),
          (ObjectNode) Yaml.parse(settings),
          "feed.in-turn");
    }

    @Test
    void toHandOutNothing() {
      assertThatThrownBy(() -> create("{}"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("feed.in-turn.phases: must name what comes in turn, but is empty");
    }

    @Test
    void aPhaseThatNamesAnInputTwiceOrNone() {
      assertThatThrownBy(() -> create("{phases: [{from: [a, a]}]}"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("feed.in-turn.phases.0.from: must name inputs, each once, but is [a, a]");
      assertThatThrownBy(() -> create("{phases: [{epochs: 2}]}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("feed.in-turn.phases.0.from: is missing");
    }

    @Test
    void aRateOfNothing() {
      assertThatThrownBy(() -> create("{phases: [{from: a, rate: 0}]}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("feed.in-turn.phases.0.rate");
    }
  }
}
