package org.trainyard.dataprep.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Versions;
import org.trainyard.pipeline.testing.TestSpark;

/**
 * Runs the steps of a pipeline in a folder of its own, as a user would, and opens what came out.
 */
public final class TestPipeline {
  private final Path folder;
  private final Map<String, StepRecord> records;

  private TestPipeline(Path folder, Map<String, StepRecord> records) {
    this.folder = folder;
    this.records = records;
  }

  /**
   * Runs.
   *
   * @param folder an empty folder
   * @param steps YAML below {@code steps:}
   */
  public static TestPipeline run(Path folder, String steps) {
    String file =
        "name: test\nseed: 7\noutput: %s\nsteps:\n%s"
            .formatted(folder.resolve("out"), steps.indent(2));
    Runner.Result result =
        new Runner(
                spark(),
                new Progress(
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                    false))
            .run(Graph.of(PipelineFile.parse(file, Map.of())), Sampling.ALL);
    return new TestPipeline(folder.resolve("out"), result.records());
  }

  /** Writes rows as lines of JSON. */
  public static Path rows(Path file, List<Map<String, Object>> rows) {
    try {
      return Files.writeString(
          file, rows.stream().map(Json::line).collect(Collectors.joining("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The session of all tests. */
  public static SparkSession spark() {
    return TestSpark.session();
  }

  /** A figure of a step. */
  public double metric(String step, String name) {
    Double value = record(step).metrics().get(name);
    if (value == null) {
      throw new AssertionError(step + " has no metric " + name + ": " + record(step).metrics());
    }
    return value;
  }

  /** Rejected rows of a step by {@code <step>.<reason>}. */
  public Map<String, Long> rejected(String step) {
    return record(step).rows().rejected();
  }

  /** A table. */
  public Table table(String step, String output) {
    return new Table(version(step), record(step), output);
  }

  /** All alive rows of a table, sorted by its first column. */
  public List<Row> rows(String step, String output) {
    Table table = table(step, output);
    return table.read(spark()).orderBy(table.schema().fieldNames()[0]).collectAsList();
  }

  /** An artifact. */
  public Artifact artifact(String step, String output) {
    return new Artifact(version(step), record(step), output);
  }

  /** Text of a file of an artifact. */
  public String text(String step, String output, String file) {
    return storage().read(artifact(step, output).file(file)).orElseThrow();
  }

  /** The record of a step. */
  public StepRecord record(String step) {
    return records.get(step);
  }

  /** Files of the tests' session. */
  public static Storage storage() {
    return new Storage(spark().sparkContext().hadoopConfiguration());
  }

  private org.apache.hadoop.fs.Path version(String step) {
    return new Versions(storage(), new org.apache.hadoop.fs.Path(folder.toString()))
        .folder(step, record(step).key());
  }
}
