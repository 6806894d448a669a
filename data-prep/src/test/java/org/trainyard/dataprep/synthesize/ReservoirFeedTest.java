package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.FeedTechnique;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("The feed reservoir")
class ReservoirFeedTest {

  private static ObjectNode block(String more) {
    return (ObjectNode)
        Yaml.parse(
            "{simulator: {heat-equation: {points: 5, steps: 9}}, capacity: 60, threshold: 30,"
                + " fresh: 4, batch-size: 10, batches: 7, shards: 2, together: 3, seed: 5"
                + more
                + "}");
  }

  private static FeedSource.Supply supply(String more) {
    return supply(block(more));
  }

  private static FeedSource.Supply supply(ObjectNode block) {
    FeedSource source =
        (FeedSource)
            Techniques.create(
                Techniques.of(FeedTechnique.class).named("reservoir", "feed"), block, "feed");
    return source.open(TestSpark.session(), Map.of(), 1, 3);
  }

  private static List<Batch> read(Feed feed, int shard, long epoch, long from, int count) {
    List<Batch> batches = new ArrayList<>();
    try (Feed.Cursor cursor = feed.open(shard, epoch, from)) {
      for (int at = 0; at < count; at++) {
        cursor.next().ifPresent(batches::add);
      }
    }
    return batches;
  }

  private static void equal(List<Batch> one, List<Batch> other) {
    assertThat(one).hasSameSizeAs(other);
    for (int at = 0; at < one.size(); at++) {
      assertThat(one.get(at).exampleIds()).isEqualTo(other.get(at).exampleIds());
      assertThat(one.get(at).tensors()).isEqualTo(other.get(at).tensors());
    }
  }

  @BeforeEach
  void leaveNothingFromOtherTests() {
    Parked.HERE.clear();
  }

  @Nested
  class GivesTheSameBatches {
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 3", "1, 0", "2, 6", "3, 7"})
    void fromAnyPositionAsInOneGo(long epoch, long from) {
      Feed feed = supply("").feed();
      List<Batch> whole = new ArrayList<>();
      for (long all = 0; all <= epoch; all++) {
        whole.addAll(read(feed, 1, all, 0, 7));
      }
      Parked.HERE.clear();
      int skipped = (int) (epoch * 7 + from);
      equal(read(feed, 1, epoch, from, 7), whole.subList(skipped, whole.size()));
    }

    @Test
    void whetherSimulationsRunAheadInAThreadOrNot() {
      List<Batch> inline = read(supply(", ahead: 0").feed(), 0, 0, 0, 7);
      equal(read(supply(", ahead: 2").feed(), 0, 0, 0, 7), inline);
      equal(read(supply(", ahead: 500").feed(), 0, 0, 0, 7), inline);
    }

    @Test
    void whetherAnEarlierReaderLeftItsReservoirOrNot() {
      Feed feed = supply("").feed();
      read(feed, 0, 0, 0, 4);
      List<Batch> continued = read(feed, 0, 0, 4, 3);
      Parked.HERE.clear();
      equal(read(feed, 0, 0, 4, 3), continued);
    }

    @Test
    void onAnotherMachine() throws IOException, ClassNotFoundException {
      Feed feed = supply("").feed();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(feed);
      }
      List<Batch> here = read(feed, 1, 2, 0, 7);
      Parked.HERE.clear();
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        equal(read((Feed) in.readObject(), 1, 2, 0, 7), here);
      }
    }
  }

  @Test
  void endsAnEpochAfterItsBatches() {
    FeedSource.Supply supply = supply("");
    assertThat(read(supply.feed(), 0, 0, 0, 100)).hasSize(7);
    assertThat(supply.feed().batches(0, 3)).isEqualTo(7);
    assertThat(supply.epoch().apply(0).examples()).isEqualTo(2 * 7 * 10);
    assertThat(supply.facts().values()).isEqualTo(5);
    assertThat(supply.facts().shape()).containsExactly(6);
    assertThatThrownBy(() -> supply.feed().open(0, 0, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void simulatesOtherThingsInEachShard() {
    Feed feed = supply("").feed();
    Set<Long> first = new HashSet<>();
    read(feed, 0, 0, 0, 7).forEach(batch -> add(batch, first));
    Set<Long> second = new HashSet<>();
    read(feed, 1, 0, 0, 7).forEach(batch -> add(batch, second));
    assertThat(first).isNotEmpty().doesNotContainAnyElementsOf(second);
  }

  private static void add(Batch batch, Set<Long> ids) {
    for (long id : batch.exampleIds()) {
      ids.add(id);
    }
  }

  @Test
  void tellsHowManySamplesWereSeenAndHowOften() {
    FeedSource.Supply supply = supply("");
    Set<Long> seen = new HashSet<>();
    for (int shard = 0; shard < 2; shard++) {
      for (long epoch = 0; epoch < 3; epoch++) {
        read(supply.feed(), shard, epoch, 0, 7).forEach(batch -> add(batch, seen));
      }
    }
    assertThat(supply.figures().apply(3))
        .containsEntry("unique_examples", (double) seen.size())
        .containsKey("simulations")
        .containsEntry("blocked_share", 0.0);
    assertThat(supply.figures().apply(3).get("draws_per_example"))
        .isCloseTo(420.0 / seen.size(), within(1e-9));
  }

  @Test
  void refusesAThresholdThatCannotBeReached() {
    assertThatThrownBy(() -> supply(block("").put("capacity", 20)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("threshold");
  }
}
