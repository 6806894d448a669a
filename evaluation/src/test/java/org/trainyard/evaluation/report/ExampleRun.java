package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.trainyard.evaluation.claim.Claim;
import org.trainyard.evaluation.claim.ClaimResult;
import org.trainyard.evaluation.claim.Verdict;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Rows;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.run.RunRecord;

/** A run as the quick start leaves it behind, made up. */
final class ExampleRun {
  private final List<RunRecord.UnitRun> units = new ArrayList<>();
  private final SortedMap<String, StepRecord> records = new TreeMap<>();

  private ExampleRun() {}

  static Facts facts() {
    return new ExampleRun().quickstart();
  }

  private Facts quickstart() {
    add(
        "filtered",
        "documents + clean + language + filtered",
        true,
        8200,
        Map.of(),
        966,
        861,
        Map.of(
            "clean.too-short",
            31L,
            "clean.symbol-to-word-ratio",
            17L,
            "language.unsure",
            9L,
            "filtered.repeated-lines",
            48L),
        Map.of());
    add(
        "exact",
        "exact",
        true,
        2100,
        Map.of("rows", "filtered.rows"),
        861,
        826,
        Map.of("exact.duplicate", 35L),
        Map.of());
    add("split", "split", true, 1900, Map.of("rows", "exact.rows"), 826, 826, Map.of(), Map.of());
    add(
        "vocabulary",
        "vocabulary",
        false,
        21400,
        Map.of("rows", "split.training"),
        743,
        0,
        Map.of(),
        Map.of("merges", 3840.0));
    add(
        "encode",
        "encode",
        false,
        6100,
        Map.of("documents", "split.training", "vocabulary", "vocabulary.vocabulary"),
        743,
        31822,
        Map.of(),
        Map.of("bytes_per_token", 3.41));
    add(
        "encode-held-out",
        "encode-held-out",
        false,
        1900,
        Map.of("documents", "split.held-out", "vocabulary", "vocabulary.vocabulary"),
        83,
        3519,
        Map.of(),
        Map.of());
    add(
        "plan",
        "plan",
        false,
        5200,
        Map.of("tokens", "encode.tokens"),
        31822,
        1210,
        Map.of(),
        Map.of(
            "real_units",
            2_411_882.0,
            "padded_units",
            2_455_040.0,
            "padding_share",
            0.0176,
            "naive_padding_share",
            0.651,
            "examples",
            31822.0,
            "batches",
            1210.0));
    add(
        "plan-held-out",
        "plan-held-out",
        false,
        1300,
        Map.of("tokens", "encode-held-out.tokens"),
        3519,
        138,
        Map.of(),
        Map.of());
    add(
        "train",
        "train",
        false,
        262_000,
        Map.of("batches", "plan.batches", "held-out", "plan-held-out.batches"),
        1348,
        0,
        Map.of(),
        Map.of(
            "loss_per_unit",
            3.912,
            "units",
            3 * 2_411_882.0,
            "units_per_second",
            18_420.0,
            "rounds",
            605.0));
    add(
        "evaluate",
        "evaluate",
        false,
        14_800,
        Map.of(
            "model",
            "train.model",
            "held-out",
            "plan-held-out.batches",
            "training",
            "plan.batches"),
        1348,
        3519,
        Map.of(),
        Map.of(
            "bits_per_byte",
            1.913,
            "uniform_bits_per_byte",
            3.52,
            "unigram_bits_per_byte",
            2.843,
            "bigram_bits_per_byte",
            2.214,
            "gain_over_unigram",
            0.327,
            "accuracy",
            0.286,
            "majority_accuracy",
            0.051,
            "tokens",
            268_113.0,
            "loss_nats",
            4.41));
    add(
        "gate",
        "gate",
        false,
        40,
        Map.of("evaluation", "evaluate.evaluation"),
        0,
        0,
        Map.of(),
        Map.of());
    JsonNode effective =
        Yaml.parse(
            """
            name: quickstart
            output: runs/quickstart
            seed: 7
            steps:
              documents: {use: read, paths: [conf/data/udhr/*.html, conf/data/speeches/*]}
              clean: {use: gopher-quality, min-words: 30}
            """);
    SortedMap<String, String> environment =
        new TreeMap<>(
            Map.of(
                "java",
                "17.0.13",
                "spark",
                "3.5.5",
                "master",
                "local[2]",
                "driver-processors",
                "2",
                "default-parallelism",
                "2",
                "operating-system",
                "Linux amd64"));
    RunRecord run =
        new RunRecord(
            "20260723T171502Z-1a2b",
            "quickstart",
            "0.1.0",
            "2026-07-23T17:15:02.123Z",
            331_500,
            0,
            "",
            units,
            effective,
            environment);
    return new Facts(
        run,
        records,
        new TreeMap<>(Map.of("train", history())),
        new TreeMap<>(),
        new TreeMap<>(Map.of("plan", plan())),
        List.of(claim()));
  }

  private void add(
      String step,
      String title,
      boolean skipped,
      long milliseconds,
      Map<String, String> inputs,
      long in,
      long out,
      Map<String, Long> rejected,
      Map<String, Double> metrics) {
    SortedMap<String, Output> outputs = new TreeMap<>();
    String name = out > 0 ? "rows" : step.equals("train") ? "model" : step;
    Output.Kind kind = out > 0 ? Output.Kind.TABLE : Output.Kind.ARTIFACT;
    outputs.put(name, new Output(kind, name, "", out, List.of(), List.of()));
    SortedMap<String, Long> licences =
        inputs.isEmpty()
            ? new TreeMap<>(
                Map.of(
                    "CC0-1.0 AND LicenseRef-licence-texts",
                    655L,
                    "LicenseRef-public-domain",
                    178L,
                    "MIT AND LicenseRef-UDHR",
                    28L))
            : new TreeMap<>();
    records.put(
        step,
        new StepRecord(
            step,
            Integer.toHexString(step.hashCode()).repeat(8),
            "0.1.0",
            applied(title),
            new TreeMap<>(inputs),
            new Rows(in, out, new TreeMap<>(rejected)),
            licences,
            outputs,
            new TreeMap<>(metrics),
            "2026-07-23T17:15:03Z",
            milliseconds));
    units.add(
        new RunRecord.UnitRun(
            step,
            title,
            step + "/0123",
            skipped,
            skipped ? 12 : milliseconds,
            new TreeMap<>(inputs)));
  }

  private static List<StepRecord.Applied> applied(String title) {
    return Stream.of(title.split(" \\+ "))
        .map(step -> new StepRecord.Applied(step, step, 1, Yaml.parse("{}")))
        .toList();
  }

  private static History history() {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder lines = new StringBuilder();
    for (int round = 1; round <= 605; round++) {
      double progress = round / 605.0;
      double loss = 3.7 + 4.6 * Math.exp(-7 * progress) + 0.35 * (random.nextDouble() - 0.5);
      double rate =
          0.002 * Math.min(1, progress / 0.05) * (0.55 + 0.45 * Math.cos(Math.PI * progress));
      lines.append(
          "{\"round\":%d,\"units\":%d,\"loss_per_unit\":%s,\"rate\":%s,\"units_per_second\":%s,\"gradient_norm\":%s}\n"
              .formatted(
                  round,
                  round * 11950L,
                  loss,
                  rate,
                  18_000 + 900 * random.nextDouble(),
                  0.4 + Math.exp(-5 * progress) + 0.2 * random.nextDouble()));
      if (round % 50 == 0) {
        double validation = 3.95 + 4.4 * Math.exp(-7 * progress);
        lines.append(
            "{\"units\":%d,\"validation_loss\":%s,\"validation_loss_averaged\":%s}\n"
                .formatted(round * 11950L, validation, validation - 0.25 * (1 - progress)));
      }
    }
    return History.parse(lines.toString());
  }

  private static JsonNode plan() {
    StringBuilder buckets = new StringBuilder();
    for (int at = 0; at < 40; at++) {
      buckets.append(
          "  - {shortest: %d, longest: %d, examples: %d, batches: 30, real-units: %d, padded-units: %d}\n"
              .formatted(2 + 5 * at, 6 + 5 * at, 800 - 15 * at, 60_000, at < 3 ? 61_538 : 60_900));
    }
    return Yaml.parse(
        """
        budget: 2048
        naive-padded-units: 6910836
        batch-sizes:
          - {from: 8, to: 15, batches: 210}
          - {from: 16, to: 31, batches: 700}
          - {from: 32, to: 60, batches: 300}
        buckets:
        """
            + buckets);
  }

  private static ClaimResult claim() {
    Claim.Comparison shown =
        new Claim.Comparison(
            "held-out loss at half time",
            "evaluate.loss_nats",
            "last",
            "averaged",
            Claim.Direction.LOWER,
            0.02);
    Claim.Comparison open =
        new Claim.Comparison(
            "held-out loss at the end",
            "final.loss_nats",
            "last",
            "averaged",
            Claim.Direction.LOWER,
            0.0);
    Claim claim =
        new Claim(
            "Averaging the latest weights lowers the held-out loss in mid-training",
            "117, Stop Wasting My Time! (arXiv 2209.14981)",
            "The mean of the last k epoch-end checkpoints reaches a loss that the run itself"
                + " reaches epochs later.",
            "pipelines/averaging.yaml",
            Map.of("last", Map.of(), "averaged", Map.of()),
            List.of(shown, open),
            List.of(1L, 2L, 3L),
            3,
            "one setting for each arm",
            List.of("One small model on one corpus."));
    SortedMap<Long, Double> last = new TreeMap<>(Map.of(1L, 4.61, 2L, 4.64, 3L, 4.58));
    SortedMap<Long, Double> averaged = new TreeMap<>(Map.of(1L, 4.50, 2L, 4.55, 3L, 4.49));
    return new ClaimResult(
        "latest-weight-averaging",
        claim,
        Verdict.INCONCLUSIVE,
        List.of(
            new ClaimResult.Tested(shown, Verdict.SHOWN, last, averaged, 0.097, 0.09, 0.11),
            new ClaimResult.Tested(
                open, Verdict.INCONCLUSIVE, last, averaged, 0.003, -0.004, 0.012)),
        92,
        List.of());
  }
}
