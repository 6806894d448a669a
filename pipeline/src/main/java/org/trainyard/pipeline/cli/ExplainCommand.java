package org.trainyard.pipeline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Keys;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Step;
import org.trainyard.pipeline.run.TextTable;
import org.trainyard.pipeline.run.Unit;
import org.trainyard.pipeline.run.Versions;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.stage.Source;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainyard explain}: what would run, and why. Starts no Spark. */
@CommandLine.Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Prints the graph, its columns, and what would be run; starts nothing.",
    footer = {
      "",
      "With --sample or --limit it also estimates the cost of the whole from an earlier run of",
      "the same pipeline on that sample.",
      "",
      "Examples:",
      "  trainyard explain conf/quickstart.yaml",
      "  trainyard explain conf/quickstart.yaml --set quality.min-words=20 --settings"
    })
public final class ExplainCommand implements Command {
  @Mixin private PipelineOptions pipeline;

  @Option(names = "--settings", description = "Prints the effective settings of every step.")
  private boolean settings;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Graph graph = pipeline.graph();
    Storage storage = PipelineOptions.storage();
    Keys keys = new Keys(graph, Sampling.ALL, storage);
    Versions versions = new Versions(storage, storage.qualified(graph.file().output()));
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"step", "uses", "reads", "makes", "would"});
    for (Unit unit : graph.units()) {
      Optional<StepRecord> record = versions.published(unit.id(), keys.of(unit));
      rows.add(
          new String[] {
            unit.title(),
            unit.steps().stream()
                .map(s -> s.technique().card().name())
                .collect(Collectors.joining(" + ")),
            reads(unit, keys),
            unit.last().outputs().stream().map(Port::name).collect(Collectors.joining(", ")),
            record.map(r -> "skip (%,d rows)".formatted(r.rows().out())).orElse("run")
          });
    }
    out.print(TextTable.render(rows));
    columns(graph, out);
    estimate(graph, storage, versions, out);
    if (settings) {
      out.println();
      graph.steps().forEach((id, step) -> out.println(id + ": " + step.settings()));
    }
    out.flush();
    return Failure.OK;
  }

  private static String reads(Unit unit, Keys keys) {
    List<InputFile> files = keys.files(unit);
    if (!files.isEmpty()) {
      long bytes = files.stream().mapToLong(InputFile::bytes).sum();
      return "%,d files, %,.1f MB".formatted(files.size(), bytes / 1e6);
    }
    return unit.inputs().values().stream()
        .map(Object::toString)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static void columns(Graph graph, PrintWriter out) {
    out.println();
    for (Step step : graph.steps().values()) {
      List<String> changes = new ArrayList<>();
      String added = names(step.columns().adds().fieldNames());
      if (!added.isEmpty()) {
        changes.add("adds " + added);
      }
      if (!step.columns().drops().isEmpty()) {
        changes.add("drops " + String.join(", ", step.columns().drops()));
      }
      if (!(step.work() instanceof Source)) {
        String needed =
            step.reads().stream()
                .filter(port -> !port.columns().isEmpty())
                .map(port -> names(port.columns().fieldNames()))
                .collect(Collectors.joining("; "));
        if (!needed.isEmpty()) {
          changes.add(0, "needs " + needed);
        }
      }
      if (!changes.isEmpty()) {
        out.println("  " + step.id() + " " + String.join(", ", changes));
      }
    }
  }

  private static String names(String[] names) {
    return String.join(", ", Arrays.asList(names));
  }

  /** Scales the times of an earlier run on the sample by rows left out; needs that run. */
  private void estimate(Graph graph, Storage storage, Versions versions, PrintWriter out) {
    Sampling sampling = pipeline.sampling();
    if (!sampling.active()) {
      return;
    }
    Keys sampled = new Keys(graph, sampling, storage);
    double milliseconds = 0;
    for (Unit unit : graph.units()) {
      Optional<StepRecord> record = versions.published(unit.id(), sampled.of(unit));
      if (record.isEmpty()) {
        out.println(
            "\nNo estimate: run the pipeline once with the same --sample or --limit, then explain.");
        return;
      }
      milliseconds += record.get().milliseconds();
    }
    String cost =
        sampling.share() < 1
            ? "about %s for all rows if time grows with rows"
                .formatted(Progress.duration(milliseconds / 1e3 / sampling.share()))
            : "the sample took %s".formatted(Progress.duration(milliseconds / 1e3));
    out.println("\nEstimate: " + cost + " (upper bound: fixed costs are scaled too).");
  }
}
