package org.trainyard.evaluation.report;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.trainyard.evaluation.claim.ClaimResult;
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
      "  trainyard report runs/quickstart/runs/20260723T171502Z-1a2b",
      "  trainyard report runs/claims"
    })
public final class ReportCommand implements Command {
  @Parameters(
      paramLabel = "RUN",
      description =
          "Output folder of a pipeline, for its latest run; the folder of one run; or the"
              + " output folder of claims.")
  private String run;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Storage storage = PipelineOptions.storage();
    Path folder = storage.qualified(run);
    List<ClaimResult> claims = Reports.claims(folder, storage);
    Path written =
        claims.isEmpty()
            ? Reports.write(StoredRun.open(storage, run), storage)
            : Reports.writeClaims(folder, claims, storage);
    spec.commandLine().getOut().println(written);
    spec.commandLine().getOut().flush();
    return Failure.OK;
  }
}
