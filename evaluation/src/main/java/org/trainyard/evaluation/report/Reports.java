package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.trainyard.evaluation.claim.ClaimResult;
import org.trainyard.evaluation.metric.Evaluation;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.RunRecord;
import org.trainyard.pipeline.run.StoredRun;

/** Gathers what a report tells from a run's folders, and writes it. */
public final class Reports {
  /** Name of the file, next to {@code run.json}. */
  public static final String FILE = "report.html";

  /** Folder beside a pipeline's output in which the results of claims lie. */
  private static final String CLAIMS = "claims";

  /** What a plan of batches came to, beside its facts. */
  private static final String PLAN = "plan.json";

  private Reports() {}

  /** Writes the report of a run and returns where it lies. */
  public static Path write(StoredRun run, Storage storage) {
    Path file = new Path(run.folder(), FILE);
    storage.write(file, Page.render(facts(run, storage)));
    return file;
  }

  /**
   * Writes the page of the claims in a folder and returns where it lies.
   *
   * @param results at least one
   */
  static Path writeClaims(Path folder, List<ClaimResult> results, Storage storage) {
    Path file = new Path(folder, FILE);
    storage.write(file, Page.claims(results));
    return file;
  }

  /** All that the report of a run tells of. */
  static Facts facts(StoredRun run, Storage storage) {
    SortedMap<String, History> histories = new TreeMap<>();
    SortedMap<String, JsonNode> evaluations = new TreeMap<>();
    SortedMap<String, JsonNode> plans = new TreeMap<>();
    for (RunRecord.UnitRun unit : run.run().units()) {
      file(run, unit, History.FILE, storage)
          .ifPresent(text -> histories.put(unit.step(), History.parse(text)));
      file(run, unit, Evaluation.FILE, storage)
          .ifPresent(text -> evaluations.put(unit.step(), Yaml.parse(text)));
      file(run, unit, PLAN, storage).ifPresent(text -> plans.put(unit.step(), Yaml.parse(text)));
    }
    Path claims = new Path(run.output().getParent(), CLAIMS);
    return new Facts(
        run.run(), run.records(), histories, evaluations, plans, claims(claims, storage));
  }

  private static Optional<String> file(
      StoredRun run, RunRecord.UnitRun unit, String name, Storage storage) {
    return run.artifacts(unit).stream()
        .map(artifact -> storage.read(artifact.file(name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** The results of all claims below a folder, by name. */
  static List<ClaimResult> claims(Path folder, Storage storage) {
    List<ClaimResult> results = new ArrayList<>();
    for (FileStatus child : storage.children(folder)) {
      if (child.isDirectory()) {
        storage
            .read(new Path(child.getPath(), ClaimResult.FILE))
            .ifPresent(text -> results.add(Json.read(text, ClaimResult.class)));
      }
    }
    return results;
  }
}
