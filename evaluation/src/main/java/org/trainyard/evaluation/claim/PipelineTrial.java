package org.trainyard.evaluation.claim;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.technique.Settings;

/**
 * Runs a whole pipeline. All arms and seeds share one output folder, so steps that an arm does not
 * change are made once, and an experiment that was stopped goes on where it was.
 *
 * @param spark the session
 * @param pipeline pipeline file
 * @param output folder of all runs
 */
record PipelineTrial(SparkSession spark, String pipeline, String output) implements Trial {

  @Override
  public Map<String, Double> run(Map<String, String> overrides, long seed) {
    Map<String, String> all = new LinkedHashMap<>(overrides);
    all.put("seed", Long.toString(seed));
    all.put("output", output);
    Graph graph = graph(all);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Runner.Result result = new Runner(spark, new Progress(nowhere, false)).run(graph, Sampling.ALL);
    Map<String, Double> metrics = new TreeMap<>();
    result
        .records()
        .forEach(
            (step, record) ->
                record.metrics().forEach((name, value) -> metrics.put(step + "." + name, value)));
    return metrics;
  }

  private Graph graph(Map<String, String> overrides) {
    PipelineFile file = PipelineOptions.read(pipeline, overrides);
    try {
      return Graph.of(file);
    } catch (ConfigException e) {
      throw Settings.inFile(e, pipeline);
    }
  }
}
