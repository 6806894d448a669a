package org.trainyard.dataprep.batch;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.cli.Trainyard;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.StoredRun;

/**
 * 100 million examples, planned by {@code plan-batches} in a Spark of its own: two task slots, a
 * heap of 2 GB for driver and tasks together. Takes about 20 GB of temporary files.
 */
public final class PlanScaleBenchmark implements Benchmark {
  private static final long EXAMPLES = 100_000_000;
  private static final String HEAP = "-Xmx2g";

  @Override
  public String name() {
    return "plan-scale";
  }

  @Override
  public String summary() {
    return "100 million examples planned as a Spark job on two cores with a heap of 2 GB";
  }

  @Override
  public List<Figure> run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("trainyard-bench-");
    try {
      Path pipeline =
          Files.writeString(
              folder.resolve("pipeline.yaml"),
              """
              name: plan-scale
              output: %s
              steps:
                lengths: {use: synthetic-lengths, count: %d, vocabulary: 0, seed: 3}
                plan: {use: plan-batches, kind: none}
              """
                  .formatted(folder.resolve("run").toUri(), EXAMPLES));
      long start = System.nanoTime();
      double peak = peakMegabytes(pipeline, folder);
      double seconds = (System.nanoTime() - start) / 1e9;
      StepRecord plan =
          StoredRun.open(
                  new Storage(new org.apache.hadoop.conf.Configuration()),
                  folder.resolve("run").toString())
              .records()
              .get("plan");
      return List.of(
          Figure.shown("seconds", seconds),
          Figure.shown("plan_seconds", plan.milliseconds() / 1e3),
          Figure.shown("plan_examples_per_second", EXAMPLES / (plan.milliseconds() / 1e3)),
          Figure.shown("peak_resident_megabytes", peak),
          Figure.atLeast("examples_planned", plan.metrics().get("examples"), EXAMPLES),
          Figure.atMost("padding_percent", 100 * plan.metrics().get("padding_share"), 2),
          Figure.atMost("largest_batch_units", plan.metrics().get("largest_batch_units"), 16_384));
    } finally {
      org.apache.commons.io.FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** Runs the pipeline in a JVM of its own; returns the most memory that it took. */
  private static double peakMegabytes(Path pipeline, Path folder)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:+Ign"))
        .forEach(command::add);
    command.addAll(
        List.of(
            HEAP,
            "-Dspark.master=local[2]",
            "-Dspark.local.dir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Trainyard.class.getName(),
            "run",
            pipeline.toString()));
    File log = folder.resolve("log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    double peak = 0;
    while (!process.waitFor(1, TimeUnit.SECONDS)) {
      peak = Math.max(peak, residentMegabytes(process.pid()));
    }
    if (process.exitValue() != 0) {
      List<String> lines = Files.readAllLines(log.toPath());
      throw new IllegalStateException(
          String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
    }
    return peak;
  }

  /** High-water mark of a process's resident memory, as Linux counts it; 0 elsewhere. */
  private static double residentMegabytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (java.io.UncheckedIOException gone) {
      return 0;
    }
  }
}
