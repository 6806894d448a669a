package org.trainyard.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.testing.TestSpark;
import org.trainyard.training.checkpoint.TrainedModel;

@DisplayName("The step train on a graph")
class GraphTrainTest {
  private static final String STEPS =
      """
      graph: {use: toy-graph}
      train:
        from: {nodes: graph.nodes, edges: graph.edges}
        feed: {neighbours: {fan-out: [3, 3], batch-size: 20}}
        engine: graph
        model: {graph-network: {widths: [8, 8]}}
        rule: {adamw: {learning-rate: 0.03, weight-decay: 0}}
        local-steps: 1000000
        epochs: 15
      """;
  private static final String WHOLE = "{neighbours: {fan-out: [0, 0], batch-size: 0}}";
  private static final String LAZY = "{lazy-layers: {batch-size: 20}}";

  @TempDir private Path output;

  private Map<String, Double> run(String place, Map<String, String> overrides) {
    String file =
        "name: n\noutput: %s\nseed: 3\nsteps:\n%s"
            .formatted(output.resolve(place), STEPS.indent(2));
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    return new Runner(TestSpark.session(), new Progress(nowhere, false))
        .run(Graph.of(PipelineFile.parse(file, overrides)), Sampling.ALL)
        .records()
        .get("train")
        .metrics();
  }

  private byte[] parameters(String place) {
    try (Stream<Path> files = Files.walk(output.resolve(place))) {
      return Files.readAllBytes(
          files.filter(file -> file.endsWith(TrainedModel.PARAMETERS)).findFirst().orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> with(String feed, String... more) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("train.feed", feed);
    for (int at = 0; at < more.length; at += 2) {
      overrides.put(more[at], more[at + 1]);
    }
    return overrides;
  }

  @Nested
  class Learns {
    @Test
    void fromDrawnNeighboursByTheGradientOfTheWholeAndLayerByLayer() {
      Map<String, Double> drawn = run("a", Map.of("train.target-accuracy", "0.7"));
      Map<String, Double> whole = run("b", with(WHOLE, "train.epochs", "60"));
      Map<String, Double> lazy = run("c", with(LAZY));
      for (Map<String, Double> metrics : List.of(drawn, whole, lazy)) {
        // Guessing is right for a third.
        assertThat(metrics.get("validation_accuracy")).isGreaterThan(0.7);
        assertThat(metrics.get("multiply_adds")).isPositive();
      }
      assertThat(drawn.get("multiply_adds_to_target"))
          .isPositive()
          .isLessThanOrEqualTo(drawn.get("multiply_adds"));
      assertThat(drawn).containsKey("feature_rows_per_batch");
      assertThat(lazy.get("examples")).isGreaterThan(drawn.get("examples"));
    }
  }

  @Nested
  class EndsWithTheSameBits {
    @ParameterizedTest
    @ValueSource(strings = {"{neighbours: {fan-out: [3, 3], batch-size: 20, shards: 3}}", LAZY})
    void forAnyPartitionsOfTheTables(String feed) {
      run("a", with(feed, "train.epochs", "2"));
      run("b", with(feed, "train.epochs", "2", "graph.partitions", "5"));
      assertThat(parameters("b")).isEqualTo(parameters("a"));
    }
  }

  @Nested
  class Refuses {
    @ParameterizedTest
    @CsvSource({
      "twice, node 103 is there twice",
      "short, 'node 104 has 4 features, but node 100 has 5'",
      "label, node 104 has the label -1",
      "part, node 104 has the part",
      "edge, the edge from 100 to 99 ends at a node"
    })
    void aGraphThatIsNone(String fault, String message) {
      assertThatThrownBy(() -> run("a", Map.of("graph.fault", fault)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(message);
    }

    @Test
    void aRoundThatIsShorterThanAnEpochOfSweeps() {
      assertThatThrownBy(() -> run("a", with(LAZY, "train.local-steps", "3")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("local-steps")
          .hasMessageContaining("batches of an epoch");
      assertThatThrownBy(() -> run("b", with(LAZY, "train.mode", "synchronous")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("must be local");
    }

    @Test
    void anEngineThatBuildsNoGraphConvolutions() {
      assertThatThrownBy(() -> run("a", Map.of("train.engine", "deeplearning4j")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("GraphConvolution");
    }

    @Test
    void aGraphThatIsNotConnected() {
      assertThatThrownBy(() -> run("a", Map.of("train.from", "{nodes: graph.nodes}")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("input 'edges' is not connected");
    }
  }
}
