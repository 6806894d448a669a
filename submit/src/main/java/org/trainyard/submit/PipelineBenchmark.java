package org.trainyard.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Sessions;

/**
 * Runs a pipeline of {@code conf/} from nothing, in a new folder, and reads figures from its
 * records.
 */
abstract class PipelineBenchmark implements Benchmark {
  private final String file;

  PipelineBenchmark(String file) {
    this.file = file;
  }

  /**
   * What a run came to.
   *
   * @param output where it wrote, on the local disk
   * @param seconds wall time of the run, Spark's start included
   */
  record Measured(Path output, Runner.Result result, double seconds) {
    double metric(String step, String name) {
      return result.records().get(step).metrics().get(name);
    }
  }

  /** The figures of a finished run, whose output is deleted afterwards. */
  abstract List<Figure> figures(Measured measured) throws IOException;

  @Override
  public final List<Figure> run() throws IOException {
    Path output = Files.createTempDirectory("trainyard-bench-");
    try {
      long start = System.nanoTime();
      Graph graph =
          Graph.of(PipelineOptions.read(file, Map.of("output", output.toUri().toString())));
      Runner runner =
          new Runner(
              Sessions.open(graph.file().name(), graph.file().spark()),
              new Progress(System.err, false));
      Runner.Result result = runner.run(graph, Sampling.ALL);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new ArrayList<>(figures(new Measured(output, result, seconds)));
    } finally {
      org.apache.commons.io.FileUtils.deleteDirectory(output.toFile());
    }
  }
}
