package org.trainyard.evaluation.claim;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.cli.Command;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.Summary;
import org.trainyard.pipeline.run.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard claims}: checks what papers promise, here and now. */
@CommandLine.Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    description = "Runs claims: paired, seeded experiments, each with a verdict.",
    footer = {
      "",
      "A verdict is SHOWN, NOT SHOWN or INCONCLUSIVE; docs/claims.md says how it is found.",
      "",
      "Examples:",
      "  trainyard claims --list",
      "  trainyard claims",
      "  trainyard claims padding-buckets --require-shown"
    })
public final class ClaimsCommand implements Command {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which claims; all if none.")
  private List<String> names = List.of();

  @Option(
      names = "--folder",
      defaultValue = "conf/claims",
      description = "Where the claims lie (${DEFAULT-VALUE}).")
  private String folder;

  @Option(
      names = "--output",
      defaultValue = "runs/claims",
      description = "Where runs and results go (${DEFAULT-VALUE}).")
  private String output;

  @Option(names = "--list", description = "Lists the claims and runs none.")
  private boolean list;

  @Option(names = "--require-shown", description = "Exit code 6 unless every claim is shown.")
  private boolean requireShown;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Storage storage = PipelineOptions.storage();
    Collection<ClaimFile> claims = ClaimFile.read(storage, folder, names);
    if (list) {
      List<String[]> rows = new ArrayList<>();
      claims.forEach(found -> rows.add(new String[] {found.name(), found.claim().title()}));
      out.print(TextTable.render(rows));
      out.flush();
      return Failure.OK;
    }
    List<ClaimResult> results = new ArrayList<>();
    for (ClaimFile found : claims) {
      out.println(found.name() + ": " + found.claim().title());
      ClaimResult result = run(found, storage, out);
      Path file = new Path(storage.qualified(output), found.name() + "/" + ClaimResult.FILE);
      storage.write(file, Json.pretty(result));
      results.add(result);
      out.println("  " + result.verdict().words() + ", see " + file);
      result.notes().forEach(note -> out.println("  " + note));
      out.flush();
    }
    out.println();
    out.print(table(results));
    out.println("As a page: trainyard report " + output);
    out.flush();
    return verdict(results);
  }

  private ClaimResult run(ClaimFile found, Storage storage, PrintWriter out) {
    String pipeline = found.pipeline();
    Map<String, String> properties = PipelineOptions.read(pipeline, Map.of()).spark();
    String runs = new Path(storage.qualified(output), found.name()).toString();
    try (SparkSession spark = Sessions.open("claim " + found.name(), properties)) {
      Trial trial = new PipelineTrial(spark, pipeline, runs);
      return new Experiment(told(trial, found.claim(), out)).run(found.name(), found.claim());
    }
  }

  /** The same trial, with a line for each run. */
  private static Trial told(Trial trial, Claim claim, PrintWriter out) {
    return (overrides, seed) -> {
      long start = System.nanoTime();
      Map<String, Double> metrics = trial.run(overrides, seed);
      String seconds = Progress.duration((System.nanoTime() - start) / 1e9);
      List<String> values =
          claim.tests().stream()
              .map(Claim.Comparison::metric)
              .distinct()
              .filter(metrics::containsKey)
              .map(metric -> metric + " " + Summary.number(metrics.get(metric)))
              .toList();
      out.println(
          "  seed %d, %s: %s in %s"
              .formatted(
                  seed,
                  overrides.isEmpty() ? "as in the file" : overrides,
                  String.join(", ", values),
                  seconds));
      out.flush();
      return metrics;
    };
  }

  /** One row for each comparison. */
  static String table(List<ClaimResult> results) {
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {
          "claim",
          "measured",
          "baseline",
          "treatment",
          "better by",
          "95 % interval",
          "promised",
          "verdict"
        });
    for (ClaimResult result : results) {
      for (ClaimResult.Tested test : result.tests()) {
        rows.add(
            new String[] {
              result.name(),
              test.comparison().what(),
              Summary.number(test.baselineMean()),
              Summary.number(test.treatmentMean()),
              Summary.number(test.improvement()),
              Summary.number(test.low()) + " to " + Summary.number(test.high()),
              "> " + Summary.number(test.comparison().margin()),
              test.verdict().words()
            });
      }
    }
    return TextTable.render(rows);
  }

  private Integer verdict(List<ClaimResult> results) {
    List<String> open =
        results.stream()
            .filter(result -> result.verdict() != Verdict.SHOWN)
            .map(result -> result.name() + " is " + result.verdict().words())
            .toList();
    if (requireShown && !open.isEmpty()) {
      throw new GateException("claims: " + String.join("; ", open));
    }
    return Failure.OK;
  }
}
