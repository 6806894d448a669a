package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.testing.TestSpark;
import org.trainyard.training.checkpoint.TrainedModel;

@DisplayName("The step train")
class TrainTest {
  private static final String STEPS =
      """
      batches: {use: toy-batches}
      coarse: {use: toy-batches, batch-size: 8}
      held-out: {use: toy-batches, examples: 30, batch-size: 7, shards: 2}
      train:
        from: {batches: batches, held-out: held-out}
        engine: tiny
        model: {mlp: {widths: []}}
        rule: {adamw: {learning-rate: 0.1}}
        schedule: cosine
        local-steps: 2
        epochs: 4
        checkpoint-rounds: 2
      """;

  private static final Set<String> BY_THE_CLOCK =
      Set.of("units_per_second", "waiting_share", "training_seconds");

  @TempDir private Path output;

  private Map<String, Double> run(String output, Map<String, String> overrides) {
    String file =
        "name: n\noutput: %s\nseed: 3\nsteps:\n%s"
            .formatted(this.output.resolve(output), STEPS.indent(2));
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    Graph graph = Graph.of(PipelineFile.parse(file, overrides));
    return new Runner(TestSpark.session(), new Progress(nowhere, false))
        .run(graph, Sampling.ALL)
        .records()
        .get("train")
        .metrics();
  }

  private Path model(String output) {
    return find(output, ".*/train/.*/model");
  }

  private Path find(String output, String pattern) {
    try (Stream<Path> files = Files.walk(this.output.resolve(output))) {
      return files
          .filter(file -> file.toString().matches(pattern))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + pattern));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainedModel read(String output) {
    return TrainedModel.read(
        new Storage(TestSpark.session().sparkContext().hadoopConfiguration()),
        new org.apache.hadoop.fs.Path(model(output).toUri()));
  }

  private List<String> history(String output) throws IOException {
    return Files.readAllLines(model(output).resolve(TrainedModel.HISTORY));
  }

  /** History without what a clock decides. */
  private List<String> timeless(String output) throws IOException {
    return history(output).stream()
        .map(line -> line.replaceAll("\"(seconds|units_per_second|waiting_share)\":[^,}]*", ""))
        .toList();
  }

  private static Map<String, Double> without(Map<String, Double> metrics, Set<String> names) {
    Map<String, Double> others = new TreeMap<>(metrics);
    others.keySet().removeAll(names);
    return others;
  }

  @AfterEach
  void failNoMore() {
    TinyEngine.PASSES_TO_FAILURE.set(-1);
  }

  @Test
  void leavesAModelItsHistoryAndItsFigures() throws IOException {
    Map<String, Double> metrics = run("a", Map.of());
    assertThat(metrics)
        .containsEntry("epochs", 4.0)
        .containsEntry("rounds", 12.0)
        .containsEntry("examples", 200.0)
        .containsEntry("units", 200.0)
        .containsEntry("skipped_rounds", 0.0)
        .containsEntry("parameters", 18.0)
        .containsEntry("rule_state_bytes", 2 * 18.0 * Float.BYTES);
    assertThat(metrics.get("waiting_share")).isBetween(0.0, 1.0);
    assertThat(metrics.get("validation_loss")).isLessThan(1.0);
    assertThat(metrics.get("validation_accuracy")).isGreaterThan(0.6);

    TrainedModel model = read("a");
    assertThat(model.facts().classes()).isEqualTo(Samples.CLASSES);
    assertThat(model.facts().shape()).containsExactly(Samples.FEATURES);
    assertThat(model.parameters().finite()).isTrue();
    assertThat(model.engine().name()).isEqualTo("tiny");
    assertThat(model.facts().tokenizer()).isEmpty();

    List<String> history = history("a");
    assertThat(history).hasSize(12 + 4);
    assertThat(Json.MAPPER.readTree(history.get(0)).path("units").asLong()).isBetween(22L, 24L);
    assertThat(Json.MAPPER.readTree(history.get(3)).path("epoch_examples").asLong()).isEqualTo(50);
    Set<String> sets = new HashSet<>();
    for (String line : history) {
      JsonNode epoch = Json.MAPPER.readTree(line);
      if (epoch.has("epoch_ids_xor")) {
        sets.add(epoch.path("epoch_ids_xor").asText() + epoch.path("epoch_ids_sum").asText());
      }
    }
    assertThat(sets).hasSize(1);
  }

  @Nested
  class WithOtherSteps {
    @Test
    void takesThemAllFromTheFile() throws IOException {
      Map<String, Double> metrics =
          run(
              "a",
              Map.of(
                  "train.rule", "{lamb: {learning-rate: 0.1}}",
                  "train.step", "sharpness-aware",
                  "train.clip-layers", "{norm: {limit: 5}}",
                  "train.rate-factors", "{out.bias: 0.5}",
                  "train.rate-scaling", "square-root",
                  "train.reference-batch", "2",
                  "train.batches-per-step", "2",
                  "train.schedule", "{linear: {warm-up: 0}}"));
      assertThat(metrics)
          .containsEntry("rounds", 8.0)
          .containsEntry("examples", 200.0)
          .containsEntry("skipped_rounds", 0.0);
      assertThat(metrics.get("validation_loss")).isLessThan(1.0);
      // 50 examples in 13 batches, two of them a step: the root of 2 · 50/13 over 2.
      double rate = Json.MAPPER.readTree(history("a").get(0)).path("rate").asDouble();
      assertThat(rate).isCloseTo(0.1 * Math.sqrt(50 / 13.0), within(1e-9));
    }

    @Test
    void refusesShardsThatGoTheirOwnWayWhereStatesHaveNoMean() {
      for (Map<String, String> own :
          List.of(
              Map.of("train.rule", "galore"),
              Map.of("train.step", "fisher-mask", "train.local-state", "reset"))) {
        assertThatThrownBy(() -> run("a", own))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining("mode")
            .hasMessageContaining("must be synchronous");
      }
    }

    @Test
    void refusesFactorsOfParametersThatAreNot() {
      assertThatThrownBy(() -> run("a", Map.of("train.rate-factors", "{'lstm*': 0.5}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("rate-factors")
          .hasMessageContaining("[out.weight, out.bias]");
    }

    @Test
    void refusesFactorsBelowZero() {
      assertThatThrownBy(() -> run("a", Map.of("train.rate-factors", "{out.bias: -1}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("rate-factors");
    }

    @Test
    void refusesAScalingWithoutItsReference() {
      assertThatThrownBy(() -> run("a", Map.of("train.rate-scaling", "linear")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("reference-batch");
    }
  }

  @Nested
  class CutOffOnceTwiceOrThrice {
    @ParameterizedTest
    @ValueSource(strings = {"synchronous", "local"})
    void endsBitEqualToARunThatWasNot(String mode) throws IOException {
      Map<String, String> overrides =
          Map.of("train.mode", mode, "train.average", "{latest-weight-averaging: {window: 2}}");
      Map<String, Double> whole = run("whole", overrides);
      byte[] parameters = Files.readAllBytes(model("whole").resolve(TrainedModel.PARAMETERS));
      byte[] last = Files.readAllBytes(model("whole").resolve(TrainedModel.LAST));
      for (int cuts = 1; cuts <= 3; cuts++) {
        String place = "cut-" + cuts;
        for (int cut = 0; cut < cuts; cut++) {
          TinyEngine.PASSES_TO_FAILURE.set(13 + 2 * cut);
          assertThatThrownBy(() -> run(place, overrides))
              .hasStackTraceContaining("this pass was made to fail");
        }
        Map<String, Double> resumed = run(place, overrides);
        Path model = model(place);
        assertThat(Files.readAllBytes(model.resolve(TrainedModel.PARAMETERS)))
            .isEqualTo(parameters);
        assertThat(Files.readAllBytes(model.resolve(TrainedModel.LAST))).isEqualTo(last);
        assertThat(timeless(place)).isEqualTo(timeless("whole"));
        assertThat(without(resumed, BY_THE_CLOCK)).isEqualTo(without(whole, BY_THE_CLOCK));
      }
    }
  }

  @Nested
  class OnTablesInTurn {
    private static final Map<String, String> TABLES =
        Map.of(
            "train.from", "{coarse: coarse, batches: batches, held-out: held-out}",
            "train.feed",
                "{in-turn: {phases: [{from: coarse, epochs: 2, rate: 2}, {from: batches}]}}",
            "train.schedule", "constant",
            "train.local-steps", "1");

    private static Map<String, String> with(String key, String value) {
      Map<String, String> overrides = new TreeMap<>(TABLES);
      overrides.put(key, value);
      return overrides;
    }

    @Test
    void trainsOnEachInItsEpochsAtItsRate() throws IOException {
      Map<String, Double> metrics = run("a", with("coarse.examples", "40"));
      assertThat(metrics)
          .containsEntry("rounds", 2 * 2.0 + 2 * 5.0)
          .containsEntry("examples", 2 * 40.0 + 2 * 50.0)
          .containsEntry("computed_units", 180.0)
          .containsEntry("units", 180.0);
      List<Double> rates = new java.util.ArrayList<>();
      for (String line : history("a")) {
        JsonNode round = Json.MAPPER.readTree(line);
        if (round.has("rate")) {
          rates.add(round.path("rate").asDouble());
        }
      }
      assertThat(rates.subList(0, 4)).containsOnly(0.2);
      assertThat(rates.subList(4, 14)).containsOnly(0.1);
    }

    @Test
    void isTheTableAloneIfThereIsOnePhase() throws IOException {
      run("table", Map.of());
      run("in-turn", Map.of("train.feed", "{in-turn: {phases: [{from: batches}]}}"));
      assertThat(model("in-turn").resolve(TrainedModel.PARAMETERS))
          .hasBinaryContent(Files.readAllBytes(model("table").resolve(TrainedModel.PARAMETERS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[coarse]", "[coarse, batches]"})
    void endsBitEqualToARunThatWasNotCutOff(String first) throws IOException {
      Map<String, String> overrides =
          with(
              "train.feed",
              "{in-turn: {phases: [{from: %s, rate: 2}, {from: batches}], cycles: 2}}"
                  .formatted(first));
      Map<String, Double> whole = run("whole", overrides);
      for (int passes : List.of(7, 19)) {
        TinyEngine.PASSES_TO_FAILURE.set(passes);
        assertThatThrownBy(() -> run("cut", overrides))
            .hasStackTraceContaining("this pass was made to fail");
      }
      Map<String, Double> resumed = run("cut", overrides);
      assertThat(model("cut").resolve(TrainedModel.PARAMETERS))
          .hasBinaryContent(Files.readAllBytes(model("whole").resolve(TrainedModel.PARAMETERS)));
      assertThat(timeless("cut")).isEqualTo(timeless("whole"));
      assertThat(without(resumed, BY_THE_CLOCK)).isEqualTo(without(whole, BY_THE_CLOCK));
    }

    @Test
    void refusesARunThatEndsBeforeTheLastPhase() {
      assertThatThrownBy(() -> run("a", with("train.epochs", "2")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(
              "epochs: must be over 2, so that the last phase of feed.in-turn comes, but is 2");
    }

    @Test
    void refusesTablesOfOtherShards() {
      assertThatThrownBy(() -> run("a", with("coarse.shards", "2")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("has 2 shards")
          .hasMessageContaining("Plan the batches of all phases with the same shards");
    }

    @Test
    void refusesTablesThatMeanOtherThings() {
      assertThatThrownBy(() -> run("a", with("coarse.classes", "7")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("its classes is 7");
    }

    @Test
    void refusesToTrainOnWhatItIsJudgedBy() {
      assertThatThrownBy(
              () -> run("a", Map.of("train.feed", "{in-turn: {phases: [{from: held-out}]}}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("feed: must not train on the input 'held-out'");
    }

    @Test
    void refusesAPhaseWhoseTableIsNotConnected() {
      assertThatThrownBy(
              () -> run("a", with("train.from", "{batches: batches, held-out: held-out}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("input 'coarse' is not connected");
    }
  }

  @Nested
  class WithFadingWeights {
    private static Map<String, String> fading(double epochs) {
      return Map.of(
          "train.feed",
          "{fading-weights: {epochs: %s}}".formatted(epochs),
          "batches.weighted",
          "true");
    }

    @Test
    void endsBitEqualToARunThatWasNotCutOff() throws IOException {
      run("whole", fading(2.5));
      TinyEngine.PASSES_TO_FAILURE.set(17);
      assertThatThrownBy(() -> run("cut", fading(2.5)))
          .hasStackTraceContaining("this pass was made to fail");
      run("cut", fading(2.5));
      assertThat(model("cut").resolve(TrainedModel.PARAMETERS))
          .hasBinaryContent(Files.readAllBytes(model("whole").resolve(TrainedModel.PARAMETERS)));
      assertThat(timeless("cut")).isEqualTo(timeless("whole"));
    }

    @Test
    void countsAllAlikeWithoutEpochsAndNotAlikeBefore() throws IOException {
      run("alike", Map.of());
      run("over", fading(0));
      run("fading", fading(1));
      byte[] alike = Files.readAllBytes(model("alike").resolve(TrainedModel.PARAMETERS));
      assertThat(model("over").resolve(TrainedModel.PARAMETERS)).hasBinaryContent(alike);
      assertThat(Files.readAllBytes(model("fading").resolve(TrainedModel.PARAMETERS)))
          .isNotEqualTo(alike);
    }
  }

  @Nested
  class OnAFeedThatMakesItsExamples {
    @Test
    void needsNoTableAndMayHaveOthersInEachEpoch() throws IOException {
      Map<String, Double> metrics =
          run("a", Map.of("train.feed", "new-each-epoch", "train.from", "{held-out: held-out}"));
      assertThat(metrics)
          .containsEntry("examples", 96.0)
          .containsEntry("points", 96.0)
          .containsEntry("epochs", 4.0);
      Set<String> sets = new HashSet<>();
      for (String line : history("a")) {
        JsonNode epoch = Json.MAPPER.readTree(line);
        if (epoch.has("epoch_ids_xor")) {
          sets.add(epoch.path("epoch_ids_xor").asText());
        }
      }
      assertThat(sets).hasSize(4);
    }

    @Test
    void isNoReasonToLeaveOutTheTableOfAnother() {
      assertThatThrownBy(() -> run("a", Map.of("train.from", "{held-out: held-out}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("input 'batches' is not connected");
    }
  }

  @Nested
  class OnValues {
    private static final Map<String, String> VALUES =
        Map.of("batches.classes", "0", "held-out.classes", "0", "train.engine", "deeplearning4j");

    @Test
    void lowersTheSquaredErrorAndKnowsNoAccuracy() {
      Map<String, String> overrides = new TreeMap<>(VALUES);
      overrides.put("train.epochs", "20");
      overrides.put("train.target-loss", "0.01");
      Map<String, Double> metrics = run("a", overrides);
      assertThat(metrics).doesNotContainKey("validation_accuracy");
      assertThat(metrics.get("validation_loss")).isLessThan(0.01);
      assertThat(metrics.get("epochs_to_target")).isBetween(2.0, 20.0);
      assertThat(metrics.get("padded_units_to_target"))
          .isEqualTo(50 * metrics.get("epochs_to_target"));
      assertThat(read("a").facts().values()).isEqualTo(2);
    }

    @Test
    void refusesAnAccuracyAsItsTarget() {
      Map<String, String> overrides = new TreeMap<>(VALUES);
      overrides.put("train.target-accuracy", "0.5");
      assertThatThrownBy(() -> run("a", overrides))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("target-accuracy")
          .hasMessageContaining("set target-loss");
    }
  }

  @Nested
  class WithAveraging {
    @Test
    void makesTheAverageTheModelAndKeepsTheLast() throws IOException {
      Map<String, Double> metrics =
          run(
              "a",
              Map.of(
                  "train.average", "{latest-weight-averaging: {window: 3}}",
                  "train.target-accuracy", "0.5"));
      Map<String, Double> last = run("b", Map.of("train.target-accuracy", "0.5"));
      assertThat(model("a").resolve(TrainedModel.LAST))
          .hasBinaryContent(Files.readAllBytes(model("b").resolve(TrainedModel.PARAMETERS)));
      assertThat(model("b").resolve(TrainedModel.LAST)).doesNotExist();
      assertThat(metrics.get("validation_loss")).isEqualTo(metrics.get("validation_loss_averaged"));
      assertThat(last.get("validation_loss")).isEqualTo(metrics.get("validation_loss_last"));
      assertThat(last.get("epochs_to_target"))
          .isEqualTo(metrics.get("epochs_to_target_last"))
          .isBetween(1.0, 4.0);
    }

    @Test
    void reportsOneEpochMoreThanTheRunHasIfTheTargetIsNotReached() {
      assertThat(run("a", Map.of("train.target-loss", "0.0001")))
          .containsEntry("epochs_to_target", 5.0)
          .containsEntry("epochs_to_target_last", 5.0)
          .containsEntry("padded_units_to_target", 250.0);
    }
  }

  @Nested
  class Refuses {
    @Test
    void aTargetWithoutHeldOutBatches() {
      assertThatThrownBy(() -> run("a", Map.of("train.from", "batches", "train.target-loss", "2")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("target-loss")
          .hasMessageContaining("connect a table of held-out batches");
    }

    @Test
    void heldOutBatchesOfAnotherTokenizer() {
      assertThatThrownBy(
              () -> run("a", Map.of("batches.tokenizer", "abc", "held-out.tokenizer", "def")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("its tokens are of the tokenizer def")
          .hasMessageContaining("learns from of abc. Encode both with one tokenizer");
    }

    @Test
    void heldOutBatchesWhoseLabelsAreNumberedOtherwise() {
      assertThatThrownBy(() -> run("a", Map.of("held-out.classes", "9")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("its classes is 9");
    }

    @Test
    void aModelThatTheEngineDoesNotBuild() {
      assertThatThrownBy(() -> run("a", Map.of("train.model", "{mlp: {widths: [4]}}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("Dense");
    }

    @Test
    void packedBatchesWhereALayerWouldMixTheirExamples() {
      for (String input : List.of("batches", "held-out")) {
        assertThatThrownBy(() -> run("a", Map.of(input + ".packed", "true")))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining("would mix the examples of a packed row");
      }
    }

    @Test
    void aTableWithoutBatches() {
      assertThatThrownBy(() -> run("a", Map.of("batches.examples", "0")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("has no batches");
    }
  }
}
