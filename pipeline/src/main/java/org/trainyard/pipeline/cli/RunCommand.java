package org.trainyard.pipeline.cli;

import java.io.PrintWriter;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.RunRecord;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.Summary;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trainyard run}: runs what is not there yet. */
@CommandLine.Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a pipeline: skips what is unchanged, goes on after a failure.",
    footer = {
      "",
      "Examples:",
      "  trainyard run conf/quickstart.yaml",
      "  trainyard run conf/quickstart.yaml --set model.epochs=2 --limit 500",
      "  trainyard --master spark://host:7077 run conf/quickstart.yaml"
    })
public final class RunCommand implements Command {
  @Mixin private PipelineOptions pipeline;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Sampling sampling = pipeline.sampling();
    Graph graph = pipeline.graph();
    boolean terminal = System.console() != null;
    SparkSession spark = Sessions.open(graph.file().name(), graph.file().spark());
    Runner runner = new Runner(spark, new Progress(System.out, terminal));
    Runner.Result result = runner.run(graph, sampling);
    out.println();
    out.print(Summary.table(result.run(), result.records()));
    if (result.run().units().stream().allMatch(RunRecord.UnitRun::skipped)) {
      out.println("Nothing to do: every step is there already.");
    }
    out.println("Run folder: " + result.folder());
    PipelineOptions.storage().children(result.folder()).stream()
        .filter(file -> file.getPath().getName().endsWith(".html"))
        .forEach(report -> out.println("Report: " + report.getPath()));
    out.flush();
    return Failure.OK;
  }
}
