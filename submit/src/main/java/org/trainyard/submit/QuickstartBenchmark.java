package org.trainyard.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.run.StoredRun;
import org.trainyard.training.checkpoint.TrainedModel;

/**
 * {@code trainyard bench quickstart}: the main job in one JVM, how long it takes to explain it, and
 * then the same job on a standalone cluster of a master and two workers on this machine.
 */
public final class QuickstartBenchmark extends QuickstartLocalBenchmark {
  private static final String MODEL = "model";

  /** How often a pipeline is explained; odd. */
  private static final int EXPLAINED = 3;

  /** For {@link java.util.ServiceLoader}. */
  public QuickstartBenchmark() {}

  @Override
  public String name() {
    return "quickstart";
  }

  @Override
  public String summary() {
    return "the main job from nothing, and on a standalone cluster to the same parameters";
  }

  @Override
  List<Figure> figures(Measured measured) throws IOException {
    List<Figure> figures = new ArrayList<>(super.figures(measured));
    SparkSession.active().stop(); // The processors are for what is started from here on.
    figures.add(Figure.atMost("explain_seconds", medianSecondsToExplain(), 5));
    Path output = measured.output().resolve("cluster");
    try (StandaloneCluster cluster = StandaloneCluster.start(2, 1, "2g")) {
      double seconds =
          seconds(
              cluster.scripts(),
              "--master",
              cluster.master(),
              "run",
              PIPELINE,
              "--set",
              "output=" + output.toUri());
      boolean equal = Files.mismatch(parameters(measured.output()), parameters(output)) < 0;
      figures.add(Figure.atLeast("cluster_parameters_equal", equal ? 1 : 0, 1));
      figures.add(Figure.shown("cluster_seconds", seconds));
    }
    return figures;
  }

  private static double medianSecondsToExplain() throws IOException {
    double[] seconds = new double[EXPLAINED];
    for (int i = 0; i < EXPLAINED; i++) {
      seconds[i] = seconds(Scripts.find(), "explain", PIPELINE);
    }
    Arrays.sort(seconds);
    return seconds[EXPLAINED / 2];
  }

  /** Wall time of a command, the start of its JVM included. */
  private static double seconds(Scripts scripts, String... arguments) throws IOException {
    long start = System.nanoTime();
    System.err.print(scripts.call("trainyard", arguments));
    return (System.nanoTime() - start) / 1e9;
  }

  private static Path parameters(Path output) {
    StoredRun stored = StoredRun.open(PipelineOptions.storage(), output.toUri().toString());
    Artifact model =
        stored.run().units().stream()
            .filter(unit -> unit.step().equals(MODEL))
            .flatMap(unit -> stored.artifacts(unit).stream())
            .findFirst()
            .orElseThrow();
    return Path.of(model.file(TrainedModel.PARAMETERS).toUri().getPath());
  }
}
