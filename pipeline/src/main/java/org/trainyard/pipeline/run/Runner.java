package org.trainyard.pipeline.run;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Rows;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.Stage;

/**
 * Runs a graph: skips what is published under the same key, runs the rest, publishes each unit by
 * its record. Killed anywhere, it leaves nothing half published, and the next run goes on from
 * there.
 */
public final class Runner {
  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final SparkSession spark;
  private final Storage storage;
  private final Progress progress;
  private final TaskProgress tasks;

  /** Runs on this session and tells its progress there. */
  public Runner(SparkSession spark, Progress progress) {
    this.spark = spark;
    this.storage = new Storage(spark.sparkContext().hadoopConfiguration());
    this.progress = progress;
    this.tasks = new TaskProgress(progress);
  }

  /**
   * What a run came to.
   *
   * @param run as written to {@code run.json}
   * @param folder the run's folder
   * @param records of all published units, by step
   */
  public record Result(RunRecord run, Path folder, SortedMap<String, StepRecord> records) {}

  /**
   * Runs a graph.
   *
   * @throws RuntimeException what stopped it, after {@code run.json} was written
   */
  public Result run(Graph graph, Sampling sampling) {
    Path output = storage.qualified(graph.file().output());
    Instant started = Instant.now();
    String id = runId(started);
    Path folder = new Path(output, "runs/" + id);
    prepare(folder, graph.file().output());
    Keys keys = new Keys(graph, sampling, storage);
    Execution execution = new Execution(graph, sampling, keys, output, id);
    // Asked now: a context that has lost its cluster cannot tell.
    SortedMap<String, String> environment = Environment.describe(spark);
    spark.sparkContext().addSparkListener(tasks);
    RuntimeException failure = null;
    try (EventLog events = new EventLog(storage, new Path(folder, "events.jsonl"))) {
      execution.events = events;
      events.append("run-started", "", Map.of("pipeline", graph.file().name()));
      graph.units().forEach(execution::step);
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      spark.sparkContext().removeSparkListener(tasks);
      spark.sparkContext().clearJobGroup();
      progress.close();
    }
    return end(execution, folder, started, environment, failure);
  }

  private void prepare(Path folder, String written) {
    try {
      storage.makeFolder(folder);
      Path probe = new Path(folder, ".probe");
      storage.write(probe, "");
      storage.delete(probe);
    } catch (StorageException e) {
      String message = String.valueOf(e.getMessage());
      if (message.matches("(?is).*(permission denied|read-only|access denied|mkdirs failed).*")) {
        throw (ConfigException)
            new ConfigException(
                    "output", "cannot write to '%s': %s".formatted(written, Storage.reason(e)))
                .initCause(e);
      }
      throw e;
    }
  }

  private Result end(
      Execution execution,
      Path folder,
      Instant started,
      SortedMap<String, String> environment,
      RuntimeException failure) {
    Failure told = failure == null ? new Failure(Failure.OK, "") : Failure.of(failure);
    RunRecord run =
        new RunRecord(
            execution.id,
            execution.graph.file().name(),
            Version.text(),
            started.toString(),
            Instant.now().toEpochMilli() - started.toEpochMilli(),
            told.exit(),
            told.line(),
            execution.done,
            execution.graph.file().tree(),
            environment);
    try {
      storage.writeNew(new Path(folder, RunRecord.FILE), Json.pretty(run));
    } catch (StorageException e) {
      if (failure == null) {
        throw e;
      }
      failure.addSuppressed(e);
    }
    for (RunListener listener : ServiceLoader.load(RunListener.class)) {
      try {
        listener.ended(run, folder, execution.output, execution.records, storage);
      } catch (RuntimeException e) {
        LOG.warn("{} failed after the run: {}", listener.getClass().getSimpleName(), e.toString());
      }
    }
    if (failure != null) {
      throw failure;
    }
    return new Result(run, folder, execution.records);
  }

  private static String runId(Instant started) {
    return started.toString().replaceAll("[-:]", "").replaceAll("\\.\\d+", "")
        + "-"
        + Long.toHexString(started.getNano() + (ProcessHandle.current().pid() << 32));
  }

  /** One run of one graph. */
  private final class Execution {
    private final Graph graph;
    private final Sampling sampling;
    private final Keys keys;
    private final Path output;
    private final String id;
    private final Versions versions;
    private final SortedMap<String, StepRecord> records = new TreeMap<>();
    private final List<RunRecord.UnitRun> done = new ArrayList<>();
    private EventLog events;

    Execution(Graph graph, Sampling sampling, Keys keys, Path output, String id) {
      this.graph = graph;
      this.sampling = sampling;
      this.keys = keys;
      this.output = output;
      this.id = id;
      this.versions = new Versions(storage, output);
    }

    void step(Unit unit) {
      long start = System.nanoTime();
      String key = keys.of(unit);
      Optional<StepRecord> published = versions.published(unit.id(), key);
      StepRecord record = published.orElseGet(() -> run(unit, key));
      records.put(unit.id(), record);
      long milliseconds = (System.nanoTime() - start) / 1_000_000;
      SortedMap<String, String> inputs = new TreeMap<>();
      unit.inputs().forEach((name, from) -> inputs.put(name, from.toString()));
      String folder = unit.id() + "/" + versions.folder(unit.id(), key).getName();
      done.add(
          new RunRecord.UnitRun(
              unit.id(), unit.title(), folder, published.isPresent(), milliseconds, inputs));
      String verb = published.isPresent() ? "skipped" : "ended";
      events.append("step-" + verb, unit.id(), Map.of("milliseconds", milliseconds));
      progress.end(Summary.line(unit, record, published.isPresent(), milliseconds));
    }

    private StepRecord run(Unit unit, String key) {
      progress.start(unit.title());
      events.append("step-started", unit.id(), Map.of("key", key));
      spark.sparkContext().setJobGroup(unit.id(), unit.title(), true);
      Instant started = Instant.now();
      versions.clearStaleAttempts(unit.id(), key, id, started.toEpochMilli());
      Path attempt = versions.attempt(unit.id(), key, id);
      StepContext context =
          new StepContext(
              unit.last(),
              spark,
              storage,
              attempt,
              versions.checkpoint(unit.id(), key),
              records,
              versions,
              progress,
              events);
      try {
        boolean job = unit.last().work() instanceof Job;
        Made made = job ? runJob(unit, context) : runStages(unit, attempt);
        StepRecord record =
            new StepRecord(
                unit.id(),
                key,
                Version.text(),
                unit.steps().stream().map(Step::applied).toList(),
                keys.inputs(unit),
                made.rows(),
                licences(unit, key, made),
                made.outputs(),
                context.metrics(),
                started.toString(),
                Instant.now().toEpochMilli() - started.toEpochMilli());
        return versions.publish(record, id);
      } catch (RuntimeException e) {
        discard(attempt, e);
        return madeMeanwhile(unit, key, e);
      }
    }

    /**
     * Another driver on the same output may have published this step while this one made it, and
     * cleared the checkpoints that both used: what failed for that is no failure.
     */
    private StepRecord madeMeanwhile(Unit unit, String key, RuntimeException failure) {
      Optional<StepRecord> theirs = Optional.empty();
      try {
        theirs = versions.published(unit.id(), key);
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
      StepRecord record = theirs.orElseThrow(() -> failure);
      LOG.warn(
          "Another run on {} has made '{}': this one goes on with it ({})",
          output,
          unit.id(),
          failure.toString());
      return record;
    }

    private void discard(Path attempt, RuntimeException cause) {
      try {
        storage.delete(attempt);
      } catch (StorageException e) {
        cause.addSuppressed(e);
      }
    }

    private Made runJob(Unit unit, StepContext context) {
      Job job = (Job) unit.last().work();
      try {
        job.run(context);
      } catch (IOException e) {
        throw new StorageException(
            "%s: storage failed: %s. Run again.".formatted(unit.id(), Storage.reason(e)), e);
      }
      SortedMap<String, Output> outputs = context.outputs();
      SortedMap<String, Long> rejected = new TreeMap<>();
      for (String name : outputs.keySet()) {
        TableWriter writer = new TableWriter(spark, storage);
        writer
            .rejectedBy(unpublished(unit, keys.of(unit), outputs, name))
            .forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
      }
      long out = outputs.values().stream().mapToLong(Output::rows).sum();
      Rows rows = new Rows(rowsRead(unit), out, rejected);
      checkRejects(unit, rows, outputs);
      return new Made(rows, outputs);
    }

    private Made runStages(Unit unit, Path attempt) {
      Dataset<Row> rows = null;
      boolean expands = false;
      for (Step step : unit.steps()) {
        if (step.work() instanceof Source source) {
          rows = source.open(spark, keys.files(unit));
          rows = sampling.active() ? sampling.apply(rows) : rows;
        } else {
          Stage stage = (Stage) step.work();
          rows = stage.apply(Rejects.tracked(rows == null ? readInput(unit) : rows));
          expands |= stage.expands();
        }
        rows = Rejects.attribute(Rejects.tracked(rows), step.id());
      }
      tasks.begin();
      TableWriter writer = new TableWriter(spark, storage);
      SortedMap<String, Output> outputs = new TreeMap<>();
      outputs.put(
          Step.ROWS,
          writer.write(attempt.getParent(), new Path(attempt, Step.ROWS), rows, List.of()));
      tasks.end();
      Table table = unpublished(unit, keys.of(unit), outputs, Step.ROWS);
      SortedMap<String, Long> rejected = writer.rejectedBy(table);
      long out = table.rows();
      boolean source = unit.steps().get(0).work() instanceof Source;
      long in = source ? out + new Rows(0, 0, rejected).rejectedRows() : rowsRead(unit);
      Rows counted = new Rows(in, out, rejected);
      if (!expands) {
        counted.addUp(unit.title());
      }
      checkRejects(unit, counted, outputs);
      if (out == 0) {
        throw new DataException(
            "%s: no row is left%s. Check its input and its settings."
                .formatted(
                    unit.id(),
                    in == 0
                        ? ", the input is empty"
                        : " of %d; rejected: %s".formatted(in, rejected)));
      }
      return new Made(counted, outputs);
    }

    private Dataset<Row> readInput(Unit unit) {
      Reference from = unit.inputs().get(Step.ROWS);
      StepRecord record = records.get(from.step());
      return new Table(versions.folder(from.step(), record.key()), record, from.output())
          .read(spark);
    }

    private long rowsRead(Unit unit) {
      return unit.inputs().values().stream()
          .distinct()
          .mapToLong(from -> records.get(from.step()).output(from.output()).rows())
          .sum();
    }

    private void checkRejects(Unit unit, Rows rows, SortedMap<String, Output> outputs) {
      // A step that makes several rows of one may reject more than came in.
      long in = Math.max(rows.in(), rows.out() + rows.rejectedRows());
      for (Step step : unit.steps()) {
        long rejected =
            rows.rejected().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(step.id() + "."))
                .mapToLong(Map.Entry::getValue)
                .sum();
        if (rejected > step.maxRejects() * in) {
          throw new DataException(
              "%s: %d of %d rows are faulty, more than %s.max-rejects (%s) allows; the first is %s. Mend the data or raise the share."
                  .formatted(
                      step.id(),
                      rejected,
                      in,
                      step.id(),
                      step.maxRejects(),
                      example(unit, step, outputs)));
        }
        in -= rejected;
      }
    }

    private String example(Unit unit, Step step, SortedMap<String, Output> outputs) {
      return outputs.entrySet().stream()
          .filter(entry -> !entry.getValue().rejects().isEmpty())
          .map(entry -> unpublished(unit, keys.of(unit), outputs, entry.getKey()))
          .map(table -> new TableWriter(spark, storage).exampleOf(table, step.id()))
          .filter(found -> !found.isEmpty())
          .findFirst()
          .orElse("unknown");
    }

    /** A table that is written but not published, for counting. */
    private Table unpublished(
        Unit unit, String key, SortedMap<String, Output> outputs, String name) {
      StepRecord draft =
          new StepRecord(
              unit.id(),
              key,
              "",
              List.of(),
              new TreeMap<>(),
              new Rows(0, 0, new TreeMap<>()),
              new TreeMap<>(),
              outputs,
              new TreeMap<>(),
              "",
              0);
      return new Table(versions.folder(unit.id(), key), draft, name);
    }

    private SortedMap<String, Long> licences(Unit unit, String key, Made made) {
      SortedMap<String, Long> licences = new TreeMap<>();
      boolean table = false;
      for (Map.Entry<String, Output> entry : made.outputs().entrySet()) {
        if (!entry.getValue().schema().isEmpty()) {
          table = true;
          new TableWriter(spark, storage)
              .licences(unpublished(unit, key, made.outputs(), entry.getKey()))
              .forEach((licence, count) -> licences.merge(licence, count, Long::sum));
        }
      }
      if (!table || licences.isEmpty()) {
        // What is made of rows stands under all their licences.
        unit.inputs()
            .values()
            .forEach(
                from ->
                    records
                        .get(from.step())
                        .licences()
                        .forEach((l, n) -> licences.merge(l, n, Math::max)));
      }
      return licences;
    }
  }

  private record Made(Rows rows, SortedMap<String, Output> outputs) {}
}
