package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.Versions;

@DisplayName("conf/batch-sizes.yaml, on a little text")
@Tag("slow")
class BatchSizesTest {
  @TempDir Path output;

  private Runner.Result run(SparkSession spark) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("output", output.toUri().toString());
    settings.put("documents.paths", Modules.ROOT.resolve("conf/data/hello").toString());
    settings.put("sizes.off-heap-bytes", Integer.toString(16 << 20));
    settings.put("sizes.buckets", "3");
    settings.put("sizes.gap", "0.4");
    Graph graph =
        Graph.of(
            PipelineOptions.read(
                Modules.ROOT.resolve("conf/batch-sizes.yaml").toString(), settings));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Runner(spark, new Progress(nowhere, false)).run(graph, Sampling.ALL);
  }

  private org.apache.hadoop.fs.Path version(StepRecord record) {
    return new Versions(
            PipelineOptions.storage(), new org.apache.hadoop.fs.Path(output.toUri().toString()))
        .folder(record.step(), record.key());
  }

  @Test
  void triesStepsPlansByThemAndTrains() {
    try (SparkSession spark =
        Sessions.open(
            "batch-sizes", Map.of("spark.master", "local[2]", "spark.ui.enabled", "false"))) {
      Runner.Result first = run(spark);

      StepRecord made = first.records().get("sizes");
      Artifact artifact = new Artifact(version(made), made, "sizes");
      JsonNode sizes =
          Json.read(
              PipelineOptions.storage().read(artifact.file("sizes.json")).orElseThrow(),
              JsonNode.class);
      JsonNode buckets = sizes.get("buckets");
      // Many windows have the greatest length, which may fill two shares of the units.
      assertThat(buckets.size()).isBetween(2, 3);
      JsonNode longest = buckets.get(buckets.size() - 1);
      assertThat(buckets.get(0).get("rows").asInt()).isGreaterThan(longest.get("rows").asInt());
      assertThat(longest.get("peak").get("off-heap").asLong())
          .isBetween(1L << 20, (long) (0.9 * (16 << 20)));
      assertThat(sizes.get("subject").asText()).contains("lstm-language-model", "adamw");

      StepRecord planned = first.records().get("batches");
      Table batches = new Table(version(planned), planned, "batches");
      for (Row row : batches.read(spark).collectAsList()) {
        int rows = row.getAs(BatchTable.EXAMPLES);
        long units = row.<Long>getAs(BatchTable.PADDED_UNITS) / rows;
        assertThat(rows).isLessThanOrEqualTo(limit(buckets, units));
      }
      assertThat(first.records().get("model").metrics().get("epochs")).isEqualTo(1);

      assertThat(run(spark).records().get("sizes").started())
          .as("nothing changed, nothing is tried again")
          .isEqualTo(made.started());
    }
  }

  private static int limit(JsonNode buckets, long units) {
    for (JsonNode bucket : buckets) {
      if (units <= bucket.get("units").asInt()) {
        return bucket.get("rows").asInt();
      }
    }
    throw new AssertionError("no bucket holds rows of %d units".formatted(units));
  }
}
