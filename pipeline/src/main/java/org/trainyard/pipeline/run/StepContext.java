package org.trainyard.pipeline.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.stage.Rejects;

/** What a job sees of its run; gathers what it makes. */
final class StepContext implements JobContext {
  private final Step step;
  private final SparkSession spark;
  private final Storage storage;
  private final TableWriter writer;
  private final Path version;
  private final Path attempt;
  private final Path checkpoint;
  private final Map<String, StepRecord> records;
  private final Versions versions;
  private final Progress progress;
  private final EventLog events;
  private final SortedMap<String, Output> outputs = new TreeMap<>();
  private final SortedMap<String, Double> metrics = new TreeMap<>();
  private final Map<String, Path> folders = new HashMap<>();

  StepContext(
      Step step,
      SparkSession spark,
      Storage storage,
      Path attempt,
      Path checkpoint,
      Map<String, StepRecord> records,
      Versions versions,
      Progress progress,
      EventLog events) {
    this.step = step;
    this.spark = spark;
    this.storage = storage;
    this.writer = new TableWriter(spark, storage);
    this.version = attempt.getParent();
    this.attempt = attempt;
    this.checkpoint = checkpoint;
    this.records = records;
    this.versions = versions;
    this.progress = progress;
    this.events = events;
  }

  @Override
  public String step() {
    return step.id();
  }

  @Override
  public SparkSession spark() {
    return spark;
  }

  @Override
  public boolean has(String input) {
    return step.inputs().containsKey(input);
  }

  @Override
  public Table table(String input) {
    Reference from = reference(input);
    StepRecord record = records.get(from.step());
    return new Table(versions.folder(from.step(), record.key()), record, from.output());
  }

  @Override
  public Artifact artifact(String input) {
    Reference from = reference(input);
    StepRecord record = records.get(from.step());
    return new Artifact(versions.folder(from.step(), record.key()), record, from.output());
  }

  private Reference reference(String input) {
    Reference from = step.inputs().get(input);
    if (from == null) {
      throw new IllegalArgumentException(step.id() + ": input '" + input + "' is not connected");
    }
    return from;
  }

  @Override
  public void write(String output, Dataset<Row> rows, List<String> partitionBy) {
    require(output, Output.Kind.TABLE);
    boolean tracked = java.util.Arrays.asList(rows.columns()).contains(Rejects.REASON);
    Dataset<Row> attributed = tracked ? Rejects.attribute(rows, step.id()) : rows;
    outputs.put(output, writer.write(version, new Path(attempt, output), attributed, partitionBy));
  }

  @Override
  public Dataset<Row> written(String output) {
    Output made = outputs.get(output);
    if (made == null) {
      throw new IllegalStateException(
          "%s: output '%s' is not written yet".formatted(step.id(), output));
    }
    return Table.read(spark, version, made);
  }

  @Override
  public Path folder(String output) {
    require(output, Output.Kind.ARTIFACT);
    return folders.computeIfAbsent(
        output,
        name -> {
          Path folder = new Path(attempt, name);
          storage.makeFolder(folder);
          return folder;
        });
  }

  private void require(String output, Output.Kind kind) {
    if (step.outputs().stream().noneMatch(p -> p.name().equals(output) && p.kind() == kind)) {
      throw new IllegalArgumentException(
          "%s: declares no %s output '%s'".formatted(step.id(), kind, output));
    }
  }

  @Override
  public Path checkpoint() {
    storage.makeFolder(checkpoint);
    return checkpoint;
  }

  @Override
  public void metric(String name, double value) {
    metrics.put(name, value);
  }

  @Override
  public void progress(String unit, long done, long total, String note) {
    progress.update(unit, done, total, note);
  }

  @Override
  public void event(String kind, Map<String, ?> values) {
    events.append(kind, step.id(), values);
  }

  /** What was made, artifacts listed now that they are complete. */
  SortedMap<String, Output> outputs() {
    folders.forEach((name, folder) -> outputs.put(name, writer.artifact(version, folder)));
    for (Port port : step.outputs()) {
      if (!outputs.containsKey(port.name())) {
        throw new IllegalStateException(
            "%s: the job ended without making its output '%s'".formatted(step.id(), port.name()));
      }
    }
    return outputs;
  }

  SortedMap<String, Double> metrics() {
    return metrics;
  }
}
