package org.trainyard.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.graph.kernel.Graph;

@DisplayName("A feed of nodes with their neighbours")
class NodeFeedTest {
  private static final Graph GRAPH = ToyGraph.graph(80);
  private static final int[] FAN_OUT = {3, 2};

  private static Feed feed(int shards, Gather gather, int ahead) {
    return new NodeFeed(GRAPH, GRAPH.training(), FAN_OUT, 6, shards, gather, ahead, 9);
  }

  private static Feed feed() {
    return feed(2, Gather.DIRECT, 2);
  }

  private static List<Batch> read(Feed feed, int shard, long epoch, long from) {
    List<Batch> batches = new ArrayList<>();
    try (Feed.Cursor cursor = feed.open(shard, epoch, from)) {
      for (Optional<Batch> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        batches.add(next.get());
      }
    }
    assertThat(batches).hasSize((int) (feed.batches(shard, epoch) - from));
    return batches;
  }

  private static void equal(List<Batch> one, List<Batch> other) {
    assertThat(one).hasSameSizeAs(other);
    for (int at = 0; at < one.size(); at++) {
      assertThat(one.get(at).exampleIds()).isEqualTo(other.get(at).exampleIds());
      assertThat(one.get(at).tensors()).isEqualTo(other.get(at).tensors());
      assertThat(one.get(at).shared()).isEqualTo(other.get(at).shared());
    }
  }

  private static Feed travelled(Feed feed) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(feed);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Feed) in.readObject();
    }
  }

  @Test
  void handsOutEveryNodeOnceInAnEpochWithItsLabelAndFeatures() {
    List<Long> ids = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      for (Batch batch : read(feed(), shard, 1, 0)) {
        FloatBuffer features = batch.tensor(GraphFields.FEATURES).floats();
        for (int row = 0; row < batch.size(); row++) {
          long id = batch.exampleIds()[row];
          ids.add(id);
          int node = (int) id - 100;
          assertThat(batch.tensor(Batch.TARGET).ints().get(row)).isEqualTo(node % 3);
          float[] own = new float[ToyGraph.WIDTH];
          GRAPH.features().row(node, own, 0);
          for (int at = 0; at < own.length; at++) {
            assertThat(features.get(row * own.length + at)).isEqualTo(own[at]);
          }
        }
      }
    }
    assertThat(ids).doesNotHaveDuplicates().hasSize(GRAPH.training().length);
  }

  @Nested
  class GivesTheSameBatches {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4})
    void fromAnyPositionAsInOneGo(long from) {
      List<Batch> whole = read(feed(), 1, 3, 0);
      equal(read(feed(), 1, 3, from), whole.subList((int) from, whole.size()));
    }

    @Test
    void whetherTheyAreMadeAheadOrNot() {
      equal(read(feed(1, Gather.DIRECT, 0), 0, 0, 0), read(feed(1, Gather.DIRECT, 50), 0, 0, 0));
    }

    @Test
    void whetherRowsAreReadDirectlyOrStaged() {
      equal(read(feed(1, Gather.STAGED, 0), 0, 0, 0), read(feed(1, Gather.DIRECT, 0), 0, 0, 0));
    }

    @Test
    void onAnotherMachine() throws IOException, ClassNotFoundException {
      equal(read(travelled(feed()), 1, 2, 0), read(feed(), 1, 2, 0));
      LazyFeed lazy = new LazyFeed(GRAPH, 2, 7, 2, 1);
      equal(read(travelled(lazy), 1, 2, 0), read(lazy, 1, 2, 0));
    }
  }

  @Test
  void givesOthersInEachEpoch() {
    assertThat(read(feed(), 0, 0, 0).get(0).exampleIds())
        .isNotEqualTo(read(feed(), 0, 1, 0).get(0).exampleIds());
  }

  @Test
  void refusesAPositionThatIsNotThere() {
    assertThatThrownBy(() -> feed().open(0, 0, 99)).hasMessageContaining("batch 99 of");
  }

  @Test
  void tellsWhatABatchReadsAndHowOftenItIsWritten() {
    double rows =
        read(feed(1, Gather.DIRECT, 0), 0, 0, 0).stream()
            .mapToInt(batch -> batch.tensor(GraphFields.FEATURES).examples())
            .average()
            .orElseThrow();
    double bytes = rows * ToyGraph.WIDTH * Float.BYTES;
    for (Gather gather : Gather.values()) {
      Map<String, Double> figures = ((NodeFeed) feed(1, gather, 0)).figures();
      assertThat(figures.get("feature_rows_per_batch")).isCloseTo(rows, within(1e-9));
      assertThat(figures.get("feature_bytes_written_per_batch"))
          .isCloseTo((gather == Gather.DIRECT ? 1 : 3) * bytes, within(1e-6));
    }
  }

  @Nested
  class ThatSweepsOverLayers {
    @Test
    void goesThroughTheRowsOfEachLayerInTurnAndStartsAnywhere() {
      LazyFeed feed = new LazyFeed(GRAPH, 2, 7, 1, 1);
      List<Batch> whole = read(feed, 0, 4, 0);
      List<Integer> layers =
          whole.stream().map(batch -> batch.tensor(LazyFeed.PLACE).ints().get(0)).toList();
      assertThat(layers).isSorted().contains(0, 1, 2);
      long classes =
          whole.stream()
              .filter(batch -> batch.tensor(LazyFeed.PLACE).ints().get(0) == 2)
              .mapToLong(Batch::size)
              .sum();
      assertThat(classes).isEqualTo(GRAPH.training().length);
      assertThat(whole.stream().mapToLong(Batch::size).sum()).isEqualTo(feed.examples());
      equal(read(feed, 0, 4, 5), whole.subList(5, whole.size()));
    }
  }
}
