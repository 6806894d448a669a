package org.trainyard.pipeline.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;

/**
 * A run as its folder tells of it.
 *
 * @param folder where {@code run.json} lies
 * @param output folder of the pipeline
 * @param run what it did
 * @param records of its units, by step
 */
public record StoredRun(
    Path folder, Path output, RunRecord run, SortedMap<String, StepRecord> records) {
  private static final String RUNS = "runs";

  /** Keeps its own copy. */
  public StoredRun {
    records = new TreeMap<>(records);
  }

  /**
   * Opens a run.
   *
   * @param where a run's own folder, or a pipeline's output folder for its latest run
   * @throws DataException if there is no run
   */
  public static StoredRun open(Storage storage, String where) {
    Path given = storage.qualified(where);
    Path folder =
        storage.exists(new Path(given, RunRecord.FILE))
            ? given
            : latest(storage, given)
                .orElseThrow(
                    () ->
                        new DataException(
                            "%s: holds no run. Name the output folder of a pipeline, or one folder below its runs/"
                                .formatted(given)));
    RunRecord run =
        Json.read(storage.read(new Path(folder, RunRecord.FILE)).orElseThrow(), RunRecord.class);
    Path output = folder.getParent().getParent();
    SortedMap<String, StepRecord> records = new TreeMap<>();
    for (RunRecord.UnitRun unit : run.units()) {
      Path file = new Path(output, unit.folder() + "/" + StepRecord.FILE);
      storage
          .read(file)
          .ifPresent(text -> records.put(unit.step(), Json.read(text, StepRecord.class)));
    }
    return new StoredRun(folder, output, run, records);
  }

  /** Ids sort by start time. */
  private static Optional<Path> latest(Storage storage, Path output) {
    List<Path> found = new ArrayList<>();
    for (FileStatus child : storage.children(new Path(output, RUNS))) {
      if (storage.exists(new Path(child.getPath(), RunRecord.FILE))) {
        found.add(child.getPath());
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
  }

  /** The version folder of a unit. */
  public Path version(RunRecord.UnitRun unit) {
    return new Path(output, unit.folder());
  }

  /** The artifacts of a unit; none if its record is gone. */
  public List<Artifact> artifacts(RunRecord.UnitRun unit) {
    StepRecord record = records.get(unit.step());
    List<Artifact> artifacts = new ArrayList<>();
    if (record != null) {
      record
          .outputs()
          .forEach(
              (name, output) -> {
                if (output.kind() == Output.Kind.ARTIFACT) {
                  artifacts.add(new Artifact(version(unit), record, name));
                }
              });
    }
    return artifacts;
  }

  /**
   * The tables of a step.
   *
   * @throws DataException if this run has no such step, or it made no table
   */
  public List<Table> tables(String step) {
    RunRecord.UnitRun unit =
        run.units().stream()
            .filter(candidate -> candidate.step().equals(step) && records.containsKey(step))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        "%s: has no step '%s'; it has %s. Name one of them"
                            .formatted(folder, step, records.keySet())));
    List<Table> tables = new ArrayList<>();
    records
        .get(step)
        .outputs()
        .forEach(
            (name, output) -> {
              if (output.kind() == Output.Kind.TABLE) {
                tables.add(new Table(version(unit), records.get(step), name));
              }
            });
    if (tables.isEmpty()) {
      throw new DataException(
          "%s: step '%s' made no table. Name a step that did".formatted(folder, step));
    }
    return tables;
  }
}
