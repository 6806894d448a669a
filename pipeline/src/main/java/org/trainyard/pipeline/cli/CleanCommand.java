package org.trainyard.pipeline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Leftovers;
import org.trainyard.pipeline.run.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard clean}: deletes what no later run or reader needs. */
@CommandLine.Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    description = "Shows what of an output folder nobody needs; deletes it with --yes.",
    footer = {
      "",
      "Examples:",
      "  trainyard clean runs/quickstart",
      "  trainyard clean hdfs:///runs/quickstart --yes"
    })
public final class CleanCommand implements Command {
  @Parameters(paramLabel = "OUTPUT", description = "Output folder of a pipeline.")
  private String output;

  @Option(names = "--yes", description = "Deletes; without it, nothing is touched.")
  private boolean yes;

  @Option(
      names = "--killed",
      paramLabel = "RUN",
      description = "A run that has no run.json because it was killed, not because it runs.")
  private List<String> killed = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Storage storage = PipelineOptions.storage();
    Path folder = storage.qualified(output);
    List<Leftovers.Leftover> leftovers = Leftovers.find(storage, folder);
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"bytes", "folder", "why"});
    for (Leftovers.Leftover leftover : leftovers) {
      String path = leftover.path().toString().substring(folder.toString().length() + 1);
      rows.add(new String[] {"%,d".formatted(leftover.bytes()), path, leftover.why()});
    }
    out.print(leftovers.isEmpty() ? "Nothing is left over.\n" : TextTable.render(rows));
    out.flush();
    if (!yes) {
      out.print(leftovers.isEmpty() ? "" : "Nothing is deleted yet: --yes deletes.\n");
      out.flush();
      return Failure.OK;
    }
    requireNoneAtWork(storage, folder);
    leftovers.forEach(leftover -> Leftovers.delete(storage, leftover));
    long bytes = leftovers.stream().mapToLong(Leftovers.Leftover::bytes).sum();
    out.printf("Deleted: %,d bytes.%n", bytes);
    out.flush();
    return Failure.OK;
  }

  /** A run at work may use versions that no finished run needs. */
  private void requireNoneAtWork(Storage storage, Path folder) {
    List<String> open = new ArrayList<>(Leftovers.runsWithoutEnd(storage, folder));
    open.removeAll(killed);
    Check.require(
        open.isEmpty(),
        "clean",
        "these runs have not ended: %s. Wait for them; if one was killed, say so: --killed %s",
        open,
        open.isEmpty() ? "" : open.get(0));
  }
}
