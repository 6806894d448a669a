package org.trainyard.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.RunRecord;
import org.trainyard.pipeline.run.StoredRun;

/** {@code small.yaml}, run by the launcher in a JVM of its own, on any file system. */
final class SmallPipeline {
  private static final String FILE = "submit/src/test/resources/small.yaml";
  private static final String QUICK_TO_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
  private static SortedMap<String, String> undisturbed;

  private final String output;
  private final Storage storage;
  private final List<String> launcherOptions;
  private final List<String> options;

  /** On the local disk. */
  SmallPipeline(java.nio.file.Path output) {
    this(output.toString(), new Configuration(), List.of(), List.of());
  }

  /**
   * Anywhere.
   *
   * @param configuration that reaches the output from here
   * @param launcherOptions that let the launched JVM reach it too
   * @param options of {@code run}
   */
  SmallPipeline(
      String output,
      Configuration configuration,
      List<String> launcherOptions,
      List<String> options) {
    this.output = output;
    this.storage = new Storage(configuration);
    this.launcherOptions = launcherOptions;
    this.options = options;
  }

  /** A driver that has just been started. */
  Launched.Running start() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--driver-memory", "1g"));
    arguments.addAll(List.of("--master", "local[2]"));
    arguments.addAll(List.of("--conf", "spark.driver.extraJavaOptions=" + QUICK_TO_START));
    arguments.addAll(launcherOptions);
    arguments.addAll(List.of("run", FILE, "--set", "output=" + output));
    arguments.addAll(options);
    return new Launched.Launch(
            Modules.ROOT,
            Modules.ROOT.resolve("submit/trainyard"),
            arguments.toArray(String[]::new))
        .start();
  }

  /** What it makes in one run from nothing to the end, on the local disk; made once. */
  static synchronized SortedMap<String, String> undisturbed(SparkSession spark) throws Exception {
    if (undisturbed == null) {
      java.nio.file.Path folder = Files.createTempDirectory("trainyard-undisturbed");
      SmallPipeline pipeline = new SmallPipeline(folder);
      Launched ended = pipeline.start().end();
      if (ended.exit() != 0) {
        throw new IOException(ended.err());
      }
      undisturbed = pipeline.made().content(spark);
      pipeline.storage.delete(new Path(folder.toUri()));
    }
    return undisturbed;
  }

  /** What its output folder holds now. */
  Made made() {
    return new Made(storage.configuration(), output);
  }

  /** Steps that the last finished run found made. */
  Set<String> skippedByTheLastRun() {
    Set<String> skipped = new TreeSet<>();
    StoredRun.open(storage, output).run().units().stream()
        .filter(RunRecord.UnitRun::skipped)
        .forEach(unit -> skipped.add(unit.step()));
    return skipped;
  }

  /** Paths below the output folder that fit. Files may come and go while it looks. */
  Set<String> paths(Pattern pattern) {
    return paths("", pattern);
  }

  /**
   * Paths below a step's folder alone, for where listing is slow; they start at the output folder.
   */
  Set<String> paths(String step, Pattern pattern) {
    Set<String> found = new TreeSet<>();
    String below = step.isEmpty() ? "" : "/" + step;
    collect(new Path(output + below), below, pattern, found);
    return found;
  }

  private void collect(Path folder, String path, Pattern pattern, Set<String> found) {
    for (FileStatus child : storage.children(folder)) {
      String below = path + "/" + child.getPath().getName();
      if (pattern.matcher(below).matches()) {
        found.add(below);
      }
      if (child.isDirectory()) {
        collect(child.getPath(), below, pattern, found);
      }
    }
  }
}
