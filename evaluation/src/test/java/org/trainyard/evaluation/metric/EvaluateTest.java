package org.trainyard.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.StoredRun;
import org.trainyard.pipeline.testing.TestSpark;
import org.trainyard.training.checkpoint.TrainedModel;

@DisplayName("Evaluation")
class EvaluateTest {
  private static final String PIPELINE =
      """
      name: evaluation
      output: %s
      seed: 1
      steps:
        numbers: {use: test-numbers}
        training: {use: test-batches, from: numbers, seed: 11, batches: 60}
        held-out: {use: test-batches, from: numbers, seed: 12}
        model: {use: test-model, from: numbers}
        evaluate:
          from: {model: model, held-out: held-out, training: training}
        gate: {at-least: {accuracy: 0.1}, from: {evaluation: evaluate}}
      """;

  @TempDir Path output;

  private Runner.Result run(Map<String, String> overrides) {
    Graph graph = Graph.of(PipelineFile.parse(PIPELINE.formatted(output), overrides));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Runner(TestSpark.session(), new Progress(nowhere, false)).run(graph, Sampling.ALL);
  }

  private SortedMap<String, Double> metrics(Map<String, String> overrides) {
    return run(overrides).records().get("evaluate").metrics();
  }

  private Evaluation evaluation() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      Path file = files.filter(f -> f.endsWith(Evaluation.FILE)).findFirst().orElseThrow();
      return Json.read(Files.readString(file), Evaluation.class);
    }
  }

  @Nested
  class OfALanguageModel {
    @Test
    void thatKnowsNothingEqualsTheUniformBaseline() {
      SortedMap<String, Double> metrics = metrics(Map.of());
      assertThat(metrics.get("tokens")).isEqualTo(20 * 14);
      assertThat(metrics.get("loss_nats")).isEqualTo(Math.log(8), within(1e-9));
      // 14 units of 3 bits in 30 bytes.
      assertThat(metrics.get("bits_per_byte")).isEqualTo(14 * 3 / 30.0, within(1e-9));
      assertThat(metrics.get("uniform_bits_per_byte")).isEqualTo(14 * 3 / 30.0, within(1e-12));
    }

    @Test
    void thatKnowsTheFrequenciesEqualsTheUnigramBaseline() {
      // Three of four and an eighth of the rest are 0; the others share what is left.
      double zero = Math.log((0.75 + 0.25 / 8) / (0.25 / 8));
      SortedMap<String, Double> metrics = metrics(Map.of("model.zero", Double.toString(zero)));
      assertThat(metrics.get("gain_over_unigram")).isEqualTo(0, within(0.02));
      assertThat(metrics.get("accuracy")).isEqualTo(metrics.get("majority_accuracy"));
    }

    @Test
    void isTheSameBitsUnderAnyPartitioning() {
      SortedMap<String, Double> one =
          metrics(Map.of("held-out.partitions", "1", "training.partitions", "1"));
      SortedMap<String, Double> many =
          metrics(Map.of("held-out.partitions", "6", "training.partitions", "5"));
      assertThat(many).isEqualTo(one);
    }

    @Test
    void tellsTheLossOfEveryExample() {
      assertThat(run(Map.of()).records().get("evaluate").output("scores").rows()).isEqualTo(60);
    }
  }

  @Nested
  class OfAClassifier {
    private static final Map<String, String> CLASSES =
        Map.of(
            "model.classes",
            "true",
            "held-out.classes",
            "true",
            "training.classes",
            "true",
            "model.zero",
            "2");

    @Test
    void thatAlwaysSaysTheMostFrequentClassEqualsTheMajorityBaseline() {
      SortedMap<String, Double> metrics = metrics(CLASSES);
      assertThat(metrics.get("accuracy")).isEqualTo(metrics.get("majority_accuracy"));
      assertThat(metrics.get("macro_f1")).isBetween(0.05, 0.2);
      assertThat(metrics).doesNotContainKey("bits_per_byte");
    }

    @Test
    void tellsPrecisionAndRecallOfEveryClass() throws IOException {
      metrics(CLASSES);
      assertThat(evaluation().classes().get(0).recall()).isEqualTo(1);
      assertThat(evaluation().classes()).extracting(Evaluation.ClassScore::name).contains("0", "5");
    }
  }

  @Nested
  class OfOtherBatchesByPredict {
    @Test
    void writesARowForEveryExampleWithTheNamesOfTheClasses() {
      Runner.Result result =
          run(
              Map.of(
                  "model.classes",
                  "true",
                  "held-out.classes",
                  "true",
                  "model.zero",
                  "2",
                  "evaluate.from",
                  "{model: model, held-out: held-out}"));
      Storage storage = PipelineOptions.storage();
      StoredRun run = StoredRun.open(storage, output.toString());
      org.apache.hadoop.fs.Path model = run.artifacts(run.run().units().get(3)).get(0).folder();
      org.apache.hadoop.fs.Path to = storage.qualified(output + "/predictions");
      List<String> names =
          List.of("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben");
      long rows =
          PredictCommand.predict(
              TestSpark.session(),
              TrainedModel.read(storage, model),
              run.tables("held-out").get(0),
              names,
              to);
      assertThat(rows).isEqualTo(60);
      assertThat(
              TestSpark.session()
                  .read()
                  .parquet(to.toString())
                  .select("predicted_name")
                  .distinct()
                  .collectAsList())
          .extracting(row -> row.getString(0))
          .containsExactly("null");
      assertThat(result.records().get("evaluate").metrics()).doesNotContainKey("majority_accuracy");
    }
  }

  @Nested
  class OfBatchesOfAnotherTokenizer {
    @Test
    void isRefusedWhereverTheyAre() {
      for (String table : List.of("held-out", "training")) {
        assertThatThrownBy(() -> run(Map.of("model.tokenizer", "abc", table + ".tokenizer", "def")))
            .isInstanceOf(DataException.class)
            .hasMessageContaining(output + "/" + table)
            .hasMessageContaining("of the tokenizer def, those that the model learns from of abc");
      }
    }

    @Test
    void isRefusedByPredictToo() {
      run(Map.of("model.tokenizer", "abc", "held-out.tokenizer", "abc"));
      Storage storage = PipelineOptions.storage();
      StoredRun run = StoredRun.open(storage, output.toString());
      TrainedModel model =
          TrainedModel.read(storage, run.artifacts(run.run().units().get(3)).get(0).folder());
      run(
          Map.of(
              "model.tokenizer",
              "abc",
              "held-out.tokenizer",
              "def",
              "evaluate.from",
              "{model: model, held-out: training}"));
      StoredRun other = StoredRun.open(storage, output.toString());
      org.apache.hadoop.fs.Path to = storage.qualified(output + "/predictions");

      assertThatThrownBy(
              () ->
                  PredictCommand.predict(
                      TestSpark.session(), model, other.tables("held-out").get(0), List.of(), to))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("of the tokenizer def");
      assertThat(storage.exists(to)).isFalse();
    }
  }

  @Nested
  class BehindAGate {
    @Test
    void stopsTheRunBelowTheBarButKeepsItsFigures() {
      assertThatThrownBy(() -> run(Map.of("gate.at-least.accuracy", "0.99")))
          .isInstanceOf(GateException.class)
          .hasMessageMatching("gate: evaluate.accuracy is 0\\.\\d+, not at least 0.99");
      assertThat(output.resolve("evaluate")).isNotEmptyDirectory();
    }

    @Test
    void namesTheMetricsThatThereAreIfItAsksForAnother() {
      assertThatThrownBy(() -> run(Map.of("gate.at-most", "{perplexity: 3}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(
              "step 'evaluate' reports no metric 'perplexity'; it has [accuracy,");
    }
  }
}
