package org.trainyard.evaluation.report;

import java.io.PrintWriter;
import java.util.List;
import org.trainyard.pipeline.cli.Command;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.StoredRun;
import org.trainyard.pipeline.run.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard compare}: two runs side by side. */
@CommandLine.Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Prints what differs between two runs: settings, rows and metrics.",
    footer = {
      "",
      "Examples:",
      "  trainyard compare runs/quickstart runs/quickstart-adamw",
      "  trainyard compare runs/quickstart/runs/20260723T17* runs/quickstart"
    })
public final class CompareCommand implements Command {
  @Parameters(index = "0", paramLabel = "RUN", description = "Output folder or run folder.")
  private String left;

  @Parameters(index = "1", paramLabel = "RUN", description = "The other.")
  private String right;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Storage storage = PipelineOptions.storage();
    Comparison comparison =
        new Comparison(StoredRun.open(storage, left), StoredRun.open(storage, right));
    PrintWriter out = spec.commandLine().getOut();
    print("The settings are the same.", comparison.settings(), out);
    out.println();
    print("All figures are the same.", comparison.figures(), out);
    out.flush();
    return Failure.OK;
  }

  private static void print(String same, List<String[]> rows, PrintWriter out) {
    if (rows.size() == 1) {
      out.println(same);
    } else {
      out.print(TextTable.render(rows));
    }
  }
}
