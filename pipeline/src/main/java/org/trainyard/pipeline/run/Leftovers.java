package org.trainyard.pipeline.run;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;

/**
 * What of an output folder nobody needs any more: versions that neither the latest run that ended
 * well nor the newest record of a step hangs on, attempts that were not published, checkpoints of
 * what is made.
 *
 * <p>A run that has not ended may use any version, so {@link #runsWithoutEnd} must be empty, or
 * known to be killed, before anything is deleted.
 */
public final class Leftovers {
  private static final String RUNS = "runs";
  private static final Pattern VERSION = Pattern.compile("[0-9a-f]{16}");

  private final Storage storage;
  private final Path output;
  private final Map<String, StepRecord> records = new HashMap<>();
  private final List<Leftover> found = new ArrayList<>();

  /**
   * A file or folder that can go.
   *
   * @param bytes of all files in it
   * @param why it can go, for people
   */
  public record Leftover(Path path, long bytes, String why) {}

  private Leftovers(Storage storage, Path output) {
    this.storage = storage;
    this.output = output;
  }

  /** Ids of runs that are still at work, or were killed: they have not written how they ended. */
  public static List<String> runsWithoutEnd(Storage storage, Path output) {
    return storage.children(new Path(output, RUNS)).stream()
        .filter(FileStatus::isDirectory)
        .filter(run -> !storage.exists(new Path(run.getPath(), RunRecord.FILE)))
        .map(run -> run.getPath().getName())
        .toList();
  }

  /** Looks for leftovers below a pipeline's output folder; deletes nothing. */
  public static List<Leftover> find(Storage storage, Path output) {
    Leftovers leftovers = new Leftovers(storage, output);
    leftovers.look();
    return List.copyOf(leftovers.found);
  }

  /** Deletes one. A version's record goes first, so that nobody reads what is half deleted. */
  public static void delete(Storage storage, Leftover leftover) {
    storage.delete(new Path(leftover.path(), StepRecord.FILE));
    storage.delete(leftover.path());
  }

  private void look() {
    List<Path> versions = new ArrayList<>();
    for (FileStatus step : storage.children(output)) {
      if (step.isDirectory() && !step.getPath().getName().equals(RUNS)) {
        storage.children(step.getPath()).stream()
            .map(FileStatus::getPath)
            .filter(path -> VERSION.matcher(path.getName()).matches())
            .forEach(versions::add);
      }
    }
    for (Path version : versions) {
      storage
          .read(new Path(version, StepRecord.FILE))
          .ifPresent(text -> records.put(name(version), Json.read(text, StepRecord.class)));
    }
    Set<String> needed = needed();
    for (Path version : versions) {
      StepRecord record = records.get(name(version));
      if (record == null) {
        unfinished(version);
      } else if (needed.contains(name(version))) {
        besides(version, record);
      } else {
        add(version, "another version is in use");
      }
    }
  }

  /** {@code <step>/<version>}, as runs name it. */
  private static String name(Path version) {
    return version.getParent().getName() + "/" + version.getName();
  }

  private static String name(StepRecord record) {
    return record.step() + "/" + Versions.digits(record.key());
  }

  private Set<String> needed() {
    Map<String, StepRecord> latest = new HashMap<>();
    for (StepRecord record : records.values()) {
      latest.merge(record.step(), record, Leftovers::later);
    }
    latestRun()
        .ifPresent(
            run -> {
              for (RunRecord.UnitRun unit : run.units()) {
                StepRecord used = records.get(unit.folder());
                if (used != null) {
                  latest.put(unit.step(), used);
                }
              }
            });
    Map<String, StepRecord> byDigits = new HashMap<>();
    records.values().forEach(record -> byDigits.put(Versions.digits(record.key()), record));
    Set<String> needed = new HashSet<>();
    Deque<StepRecord> open = new ArrayDeque<>(latest.values());
    while (!open.isEmpty()) {
      StepRecord record = open.pop();
      if (needed.add(name(record))) {
        for (String input : record.inputs().values()) {
          Matcher version = VERSION.matcher(input);
          if (version.lookingAt() && byDigits.containsKey(version.group())) {
            open.push(byDigits.get(version.group()));
          }
        }
      }
    }
    return needed;
  }

  private static StepRecord later(StepRecord one, StepRecord other) {
    return Instant.parse(one.started()).isBefore(Instant.parse(other.started())) ? other : one;
  }

  /** The latest run that ended well; ids sort by start time. */
  private Optional<RunRecord> latestRun() {
    List<FileStatus> runs = new ArrayList<>(storage.children(new Path(output, RUNS)));
    runs.sort(Comparator.comparing(FileStatus::getPath).reversed());
    return runs.stream()
        .flatMap(run -> storage.read(new Path(run.getPath(), RunRecord.FILE)).stream())
        .map(text -> Json.read(text, RunRecord.class))
        .filter(run -> run.exit() == Failure.OK)
        .findFirst();
  }

  /** What lies in a version beside what its record names. */
  private void besides(Path version, StepRecord record) {
    for (FileStatus child : storage.children(version)) {
      String name = child.getPath().getName();
      boolean named =
          record.outputs().values().stream()
              .map(Output::folder)
              .anyMatch(folder -> folder.equals(name) || folder.startsWith(name + "/"));
      if (!named && !name.equals(StepRecord.FILE)) {
        add(child.getPath(), "not part of what was published");
      }
    }
  }

  /** A version without a record: its checkpoints stay, for they are where the next run goes on. */
  private void unfinished(Path version) {
    storage.children(version).stream()
        .map(FileStatus::getPath)
        .filter(child -> !child.getName().equals(Versions.CHECKPOINT))
        .forEach(child -> add(child, "an attempt that did not end"));
  }

  private void add(Path path, String why) {
    long bytes = storage.filesBelow(path).stream().mapToLong(FileStatus::getLen).sum();
    found.add(new Leftover(path, bytes, why));
  }
}
