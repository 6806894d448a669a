package org.trainyard.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

@DisplayName("Checkpoints")
class CheckpointsTest {
  private static final Layout LAYOUT =
      new Layout(
          List.of(
              new Slice("weight", 0, new int[] {2, 2}, Slice.Kind.WEIGHT, "out"),
              new Slice("bias", 4, new int[] {2}, Slice.Kind.BIAS, "out")));

  private final Storage storage = new Storage(new Configuration());
  @TempDir private java.nio.file.Path folder;

  private Checkpoints checkpoints(int keep, int window) {
    return new Checkpoints(storage, new Path(folder.toUri()), LAYOUT, keep, window);
  }

  private static Parameters filled(float value) {
    return Parameters.of(
        new float[] {value, value, value, value}, new float[] {value + 1, value + 2});
  }

  private static TrainingState after(long round, List<Long> next) {
    Tally tally = new Tally(round, 2 * round, 0.1 * round, round, -round, Long.MIN_VALUE + round);
    Position position =
        new Position(round, round / 2, next, 7, round, 1, tally, tally.plus(tally), 0.25);
    return new TrainingState(position, filled(round), List.of(filled(-round), filled(10 * round)));
  }

  private static TrainingState midEpoch(long round) {
    return after(round, List.of(round, 0L));
  }

  private static TrainingState epochEnd(long round) {
    return after(round, List.of(0L, 0L));
  }

  private List<String> folders() throws IOException {
    try (Stream<java.nio.file.Path> children = Files.list(folder)) {
      return children
          .map(child -> child.getFileName().toString())
          .filter(name -> !name.equals("history"))
          .sorted()
          .toList();
    }
  }

  private java.nio.file.Path state(String checkpoint) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve(checkpoint))) {
      return files
          .filter(file -> file.getFileName().toString().matches("state.*\\.safetensors"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void giveBackTheNewestBitForBit() {
    Checkpoints checkpoints = checkpoints(2, 1);
    checkpoints.save(midEpoch(3), List.of(), Map.of());
    checkpoints.save(midEpoch(5), List.of(), Map.of("figure", 0.1));

    Checkpoints.Saved latest = checkpoints(2, 1).latest().orElseThrow();
    assertThat(latest.state()).isEqualTo(midEpoch(5));
    assertThat(latest.figures()).containsExactly(Map.entry("figure", 0.1));
  }

  @Test
  void areNoneInAnEmptyFolder() {
    assertThat(checkpoints(1, 1).latest()).isEmpty();
  }

  @Nested
  class PassOver {
    @Test
    void oneThatWasNotPublished() throws IOException {
      Checkpoints checkpoints = checkpoints(3, 1);
      checkpoints.save(midEpoch(3), List.of(), Map.of());
      checkpoints.save(midEpoch(5), List.of(), Map.of());
      Files.delete(folder.resolve("round-000000000005/checkpoint.json"));
      assertThat(checkpoints.latest().orElseThrow().state()).isEqualTo(midEpoch(3));
    }

    @Test
    void oneThatWasPublishedByHalf() throws IOException {
      Checkpoints checkpoints = checkpoints(3, 1);
      checkpoints.save(midEpoch(3), List.of(), Map.of());
      checkpoints.save(midEpoch(5), List.of(), Map.of());
      java.nio.file.Path manifest = folder.resolve("round-000000000005/checkpoint.json");
      Files.writeString(manifest, Files.readString(manifest).substring(0, 40));
      assertThat(checkpoints.latest().orElseThrow().state()).isEqualTo(midEpoch(3));
    }

    @Test
    void oneWhoseParametersAreCutShort() throws IOException {
      Checkpoints checkpoints = checkpoints(3, 1);
      checkpoints.save(midEpoch(3), List.of(), Map.of());
      checkpoints.save(midEpoch(5), List.of(), Map.of());
      java.nio.file.Path state = state("round-000000000005");
      byte[] whole = Files.readAllBytes(state);
      Files.write(state, java.util.Arrays.copyOf(whole, whole.length - 4));
      assertThat(checkpoints.latest().orElseThrow().state()).isEqualTo(midEpoch(3));
    }
  }

  @Test
  void refuseAnotherModel() {
    checkpoints(1, 1).save(midEpoch(3), List.of(), Map.of());
    Layout other =
        new Layout(
            List.of(
                new Slice("weight", 0, new int[] {4, 1}, Slice.Kind.WEIGHT, "out"),
                new Slice("bias", 4, new int[] {2}, Slice.Kind.BIAS, "out")));
    Checkpoints checkpoints = new Checkpoints(storage, new Path(folder.toUri()), other, 1, 1);
    assertThatThrownBy(checkpoints::latest)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'weight' has the shape [2, 2], but the model's is [4, 1]");
  }

  @Test
  void keepTheNewestAndTheNewestEpochEnds() throws IOException {
    Checkpoints checkpoints = checkpoints(2, 3);
    for (long round = 1; round <= 10; round++) {
      checkpoints.save(round % 2 == 0 ? epochEnd(round) : midEpoch(round), List.of(), Map.of());
    }
    assertThat(folders())
        .containsExactly(
            "round-000000000006-epoch-3",
            "round-000000000008-epoch-4",
            "round-000000000009",
            "round-000000000010-epoch-5");
    assertThat(checkpoints.epochEnds(2, 5).stream().map(Snapshot::epoch)).containsExactly(3L, 4L);
    assertThat(checkpoints.epochEnds(2, 6).get(1).slice(1)).containsExactly(11, 12);
  }

  @Nested
  class OfTwoDriversOnOneStep {
    @Test
    void areThoseOfTheFirst() throws IOException {
      checkpoints(2, 1).save(midEpoch(3), List.of("of the first"), Map.of("figure", 1.0));
      java.nio.file.Path first = state("round-000000000003");
      Checkpoints second = checkpoints(2, 1);
      second.save(midEpoch(3), List.of("of the second"), Map.of("figure", 2.0));
      assertThat(state("round-000000000003")).isEqualTo(first);
      assertThat(second.latest().orElseThrow().figures()).containsEntry("figure", 1.0);
      java.nio.file.Path history = folder.resolve("history.jsonl");
      second.writeHistory(3, new Path(history.toUri()));
      assertThat(history).hasContent("of the first\n");
    }

    @Test
    void areNotAveragedWithAGap() {
      Checkpoints ahead = checkpoints(1, 2);
      for (long round = 2; round <= 10; round += 2) {
        ahead.save(epochEnd(round), List.of(), Map.of());
      }
      Checkpoints behind = checkpoints(1, 2);
      assertThatThrownBy(() -> behind.epochEnds(2, 4))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("of the checkpoints of epochs 2 to 3 only [] are there")
          .hasMessageContaining("Run again");
    }
  }

  @Test
  void keepTheHistoryUpToARound() throws IOException {
    Checkpoints checkpoints = checkpoints(1, 1);
    checkpoints.save(midEpoch(1), List.of("a", "b"), Map.of());
    checkpoints.save(midEpoch(3), List.of("c"), Map.of());
    checkpoints.save(midEpoch(5), List.of("of a round that was lost"), Map.of());
    java.nio.file.Path history = folder.resolve("history.jsonl");
    checkpoints.writeHistory(3, new Path(history.toUri()));
    assertThat(history).hasContent("a\nb\nc\n");
  }

  @Nested
  class AreSelectedFrom {
    private List<Snapshot> snapshots() {
      Checkpoints checkpoints = checkpoints(1, 4);
      for (long round = 2; round <= 8; round += 2) {
        checkpoints.save(epochEnd(round), List.of(), Map.of());
      }
      return checkpoints.epochEnds(4, 5);
    }

    @Test
    void byTheMeanOfTheLatest() {
      CheckpointSelector selector =
          new LatestWeightAveraging().create(new LatestWeightAveraging.Settings(3));
      assertThat(selector.window()).isEqualTo(3);
      assertThat(selector.select(snapshots().subList(1, 4), LAYOUT)).isEqualTo(filled(6));
      assertThat(selector.select(snapshots().subList(0, 1), LAYOUT)).isEqualTo(filled(2));
    }

    @Test
    void orByTheLast() {
      CheckpointSelector selector = new Last().create(new Last.Settings());
      assertThat(selector.window()).isEqualTo(1);
      assertThat(selector.select(snapshots(), LAYOUT)).isEqualTo(filled(8));
    }

    @Test
    void withoutSharingMemoryWithWhatIsTrainedOn() {
      Parameters live = filled(3);
      Snapshot snapshot =
          new Snapshot() {
            @Override
            public long epoch() {
              return 1;
            }

            @Override
            public float[] slice(int index) {
              return live.slice(index);
            }
          };
      for (CheckpointSelector selector :
          List.of(
              new Last().create(new Last.Settings()),
              new LatestWeightAveraging().create(new LatestWeightAveraging.Settings(2)))) {
        Parameters selected = selector.select(List.of(snapshot), LAYOUT);
        live.scale(2);
        assertThat(selected).isNotEqualTo(live);
        live.scale(0.5f);
        assertThat(selected).isEqualTo(live);
      }
    }
  }
}
