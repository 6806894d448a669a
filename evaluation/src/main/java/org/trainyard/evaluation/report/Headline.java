package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.trainyard.evaluation.claim.ClaimResult;
import org.trainyard.evaluation.claim.Verdict;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.run.RunRecord;

/** The top of the page: what came out, in one sentence and a few numbers. */
final class Headline {
  private static final int ID_DIGITS = 8;
  private static final double MILLISECONDS = 1000;

  private Headline() {}

  static Element of(Facts facts) {
    RunRecord run = facts.run();
    Element head = branded(run.pipeline());
    head.add(
        Element.of("p", "when")
            .text(
                "Run of %s, %s, version %s"
                    .formatted(
                        run.started().replaceAll("\\..*|Z$", "").replace('T', ' ') + " UTC",
                        Figures.time(run.milliseconds() / MILLISECONDS),
                        run.codeVersion())));
    if (run.exit() != 0) {
      head.add(
          Element.of("p", "stopped")
              .with("role", "alert")
              .text("Stopped with exit code %d: %s".formatted(run.exit(), run.message())));
    }
    sentence(facts).ifPresent(words -> head.add(Element.of("p", "verdict").text(words)));
    List<Element> tiles = tiles(facts);
    return tiles.isEmpty() ? head : head.add(Element.of("dl", "tiles").add(tiles));
  }

  /** The top of a page of claims. */
  static Element ofClaims(List<ClaimResult> results) {
    Element tiles = Element.of("dl", "tiles");
    for (Verdict verdict : Verdict.values()) {
      long count = results.stream().filter(result -> result.verdict() == verdict).count();
      tiles.add(tile(Long.toString(count), verdict.words().toLowerCase(Locale.ROOT)));
    }
    return branded("Claims")
        .add(
            Element.of("p", "verdict")
                .text(
                    "What papers promise, measured here: paired runs over several seeds, judged by a"
                        + " margin that was written down before."),
            tiles);
  }

  private static Element branded(String title) {
    return Element.of("header", "headline")
        .add(Element.of("p", "brand").add(logo()).text("Trainyard"), Element.of("h1").text(title));
  }

  private static Optional<String> sentence(Facts facts) {
    Optional<Double> gain = facts.last("gain_over_unigram");
    if (gain.isPresent()) {
      return Optional.of(
          "The model needs %s bits for a byte of held-out text, %s %s than unit frequencies alone."
              .formatted(
                  Figures.compact(facts.last("bits_per_byte").orElse(0.0)),
                  Figures.percent(Math.abs(gain.get())),
                  gain.get() >= 0 ? "less" : "more"));
    }
    Optional<String> classifier =
        facts
            .last("accuracy")
            .map(
                accuracy ->
                    "The model gets %s of the held-out examples right; always saying the most frequent class gets %s."
                        .formatted(
                            Figures.percent(accuracy),
                            Figures.percent(facts.last("majority_accuracy").orElse(0.0))));
    return classifier.or(() -> rows(facts));
  }

  private static Optional<String> rows(Facts facts) {
    long rejected = rejected(facts);
    if (facts.inOrder().isEmpty()) {
      return Optional.empty();
    }
    long in = facts.inOrder().get(0).rows().in();
    return Optional.of(
        rejected == 0
            ? "%s rows were read, none was rejected.".formatted(Figures.whole(in))
            : "%s rows were read; %s were rejected, each with its reason."
                .formatted(Figures.whole(in), Figures.whole(rejected)));
  }

  private static long rejected(Facts facts) {
    return facts.inOrder().stream().mapToLong(record -> record.rows().rejectedRows()).sum();
  }

  private static List<Element> tiles(Facts facts) {
    List<Element> tiles = new ArrayList<>();
    facts
        .last("bits_per_byte")
        .ifPresent(bits -> tiles.add(tile(Figures.compact(bits), "bits per byte, held out")));
    facts
        .last("gain_over_unigram")
        .ifPresent(gain -> tiles.add(tile(Figures.percent(gain), "better than unigram")));
    if (facts.last("gain_over_unigram").isEmpty()) {
      facts
          .last("accuracy")
          .ifPresent(share -> tiles.add(tile(Figures.percent(share), "accuracy, held out")));
      facts
          .last("macro_f1")
          .ifPresent(share -> tiles.add(tile(Figures.percent(share), "macro F1")));
    }
    long in = facts.inOrder().stream().findFirst().map(record -> record.rows().in()).orElse(0L);
    long rejected = rejected(facts);
    if (in > 0) {
      tiles.add(tile(Figures.whole(in), "rows read"));
      tiles.add(tile(Figures.whole(rejected), "rows rejected, with reasons"));
    }
    double padded = sum(facts, "padded_units");
    if (padded > 0) {
      double share = 1 - sum(facts, "real_units") / padded;
      tiles.add(tile(Figures.percent(share), "padding in all batches"));
    }
    facts
        .last("units_per_second")
        .ifPresent(rate -> tiles.add(tile(Figures.compact(rate) + "/s", "units in training")));
    long skipped = facts.run().units().stream().filter(RunRecord.UnitRun::skipped).count();
    tiles.add(
        tile(
            "%d of %d".formatted(facts.run().units().size() - skipped, facts.run().units().size()),
            "steps had to run"));
    return tiles;
  }

  /** Over all plans of batches. */
  private static double sum(Facts facts, String metric) {
    return facts.reporting("padding_share").stream()
        .mapToDouble(record -> record.metrics().getOrDefault(metric, 0.0))
        .sum();
  }

  private static Element tile(String value, String label) {
    return Element.of("div", "tile")
        .add(Element.of("dt").text(label), Element.of("dd").text(value));
  }

  /** A track that branches. */
  private static Element logo() {
    return Element.of("svg", "logo")
        .with("viewBox", "0 0 24 24")
        .with("width", 24)
        .with("height", 24)
        .with("aria-hidden", "true")
        .add(
            Element.of("path").with("d", "M7 2V22M7 15C7 9 17 11 17 4V2"),
            Element.of("circle").with("cx", 7).with("cy", 18).with("r", 3));
  }

  /** First digits of a key, enough to tell versions apart. */
  static String shortKey(StepRecord record) {
    return record.key().substring(0, Math.min(ID_DIGITS, record.key().length()));
  }
}
