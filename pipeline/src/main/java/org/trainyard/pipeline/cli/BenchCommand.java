package org.trainyard.pipeline.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard bench}: one JSON line a figure, with its bar. */
@CommandLine.Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs a benchmark and prints one JSON line a figure; exit code 6 below a bar.",
    footer = {"", "Examples:", "  trainyard bench --list", "  trainyard bench rounds"})
public final class BenchCommand implements Command {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which benchmark.")
  private String name;

  @Option(names = "--list", description = "Lists the benchmarks.")
  private boolean list;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Benchmark> benchmarks = Catalogue.benchmarks();
    if (list || name == null) {
      out.print(
          TextTable.render(
              benchmarks.stream().map(b -> new String[] {b.name(), b.summary()}).toList()));
      out.flush();
      return Failure.OK;
    }
    Benchmark benchmark =
        benchmarks.stream().filter(b -> b.name().equals(name)).findFirst().orElse(null);
    Check.require(
        benchmark != null,
        "bench",
        "'%s' is unknown; choose one of %s",
        name,
        benchmarks.stream().map(Benchmark::name).toList());
    List<String> missed = new ArrayList<>();
    for (Benchmark.Figure figure : benchmark.run()) {
      out.println(line(benchmark, figure));
      if (!figure.ok()) {
        missed.add("%s is %s, not %s".formatted(figure.metric(), figure.value(), figure.bar()));
      }
    }
    out.flush();
    if (!missed.isEmpty()) {
      throw new GateException("bench %s: %s".formatted(name, String.join("; ", missed)));
    }
    return Failure.OK;
  }

  private static String line(Benchmark benchmark, Benchmark.Figure figure) {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    values.put("bench", benchmark.name());
    values.put("metric", figure.metric());
    values.put("value", figure.value());
    if (!Double.isNaN(figure.bar())) {
      values.put("bar", figure.bar());
      values.put("ok", figure.ok());
    }
    return Json.line(values);
  }
}
