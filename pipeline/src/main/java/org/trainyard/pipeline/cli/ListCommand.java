package org.trainyard.pipeline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.TextTable;
import org.trainyard.pipeline.technique.Technique;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trainyard list}: the catalogue in one screen. */
@CommandLine.Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists every technique, by kind.",
    footer = {"", "Example:", "  trainyard list"})
public final class ListCommand implements Command {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Catalogue.all()
        .forEach(
            (kind, techniques) -> {
              out.println(kind);
              List<String[]> rows = new ArrayList<>();
              for (Technique<?, ?> technique : techniques) {
                rows.add(new String[] {"  " + technique.card().name(), technique.card().what()});
              }
              out.print(TextTable.render(rows));
            });
    out.flush();
    return Failure.OK;
  }
}
