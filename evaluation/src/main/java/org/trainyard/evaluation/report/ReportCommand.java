package org.trainyard.evaluation.report;

import org.trainyard.pipeline.cli.Command;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.StoredRun;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard report}: rebuilds the report of a run from its records. */
@CommandLine.Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Rebuilds report.html of a run from its records; starts no Spark.",
    footer = {
      "",
      "Examples:",
      "  trainyard report runs/quickstart",
      "  trainyard report runs/quickstart/runs/20260723T171502Z-1a2b"
    })
public final class ReportCommand implements Command {
  @Parameters(
      paramLabel = "RUN",
      description = "Output folder of a pipeline, for its latest run; or the folder of one run.")
  private String run;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Storage storage = PipelineOptions.storage();
    spec.commandLine().getOut().println(Reports.write(StoredRun.open(storage, run), storage));
    spec.commandLine().getOut().flush();
    return Failure.OK;
  }
}
