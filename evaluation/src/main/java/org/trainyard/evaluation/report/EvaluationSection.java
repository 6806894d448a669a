package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.trainyard.evaluation.report.chart.Bars;
import org.trainyard.evaluation.report.chart.Chart;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.pipeline.record.StepRecord;

/** The model beside its baselines. */
final class EvaluationSection implements Section {
  private static final int MODEL = 1;
  private static final int BASELINE = 8;
  private static final int MOST_CLASSES = 12;

  @Override
  public String title() {
    return "Evaluation";
  }

  @Override
  public List<Element> content(Facts facts) {
    List<Element> charts = new ArrayList<>();
    facts.reporting("bits_per_byte").forEach(record -> charts.add(bits(record)));
    facts.reporting("majority_accuracy").stream()
        .filter(record -> record.metrics().containsKey("accuracy"))
        .forEach(record -> charts.add(accuracy(record)));
    facts.evaluations().values().stream()
        .filter(evaluation -> evaluation.path("classes").size() > 1)
        .forEach(evaluation -> charts.add(classes(evaluation)));
    return charts;
  }

  private static Element bits(StepRecord record) {
    Map<String, Double> metrics = record.metrics();
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("predictor", "bits per byte"));
    add("the model", metrics.get("bits_per_byte"), MODEL, bars, table);
    add("bigram", metrics.get("bigram_bits_per_byte"), BASELINE, bars, table);
    add("unigram", metrics.get("unigram_bits_per_byte"), BASELINE, bars, table);
    add("uniform", metrics.get("uniform_bits_per_byte"), BASELINE, bars, table);
    Chart chart =
        new Chart(
            "Bits per byte on held-out text",
            "Shorter is better. The baselines count units (and pairs) in the training data and predict"
                + " exactly the units that the model predicts: %s of them."
                    .formatted(Figures.whole(metrics.getOrDefault("tokens", 0.0).longValue())),
            table);
    return new Bars(chart, bars, 0).draw();
  }

  private static void add(
      String name, Double value, int colour, List<Bars.Bar> bars, List<List<String>> table) {
    if (value != null) {
      bars.add(Bars.Bar.of(name, value, Figures.compact(value), colour));
      table.add(List.of(name, Figures.compact(value)));
    }
  }

  private static Element accuracy(StepRecord record) {
    double model = record.metrics().get("accuracy");
    double majority = record.metrics().get("majority_accuracy");
    List<List<String>> table =
        List.of(
            List.of("predictor", "accuracy"),
            List.of("the model", Figures.percent(model)),
            List.of("most frequent", Figures.percent(majority)));
    Chart chart =
        new Chart(
            "Accuracy on held-out data",
            "Longer is better. The baseline always says what is most frequent in the training data.",
            table);
    List<Bars.Bar> bars =
        List.of(
            Bars.Bar.of("the model", model, Figures.percent(model), MODEL),
            Bars.Bar.of("most frequent", majority, Figures.percent(majority), BASELINE));
    return new Bars(chart, bars, 1).draw();
  }

  private static Element classes(JsonNode evaluation) {
    List<JsonNode> classes = new ArrayList<>();
    evaluation.path("classes").forEach(classes::add);
    classes.sort(
        Comparator.comparingDouble((JsonNode one) -> one.path("f1").asDouble())
            .thenComparing(one -> one.path("name").asText()));
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("class", "examples", "precision", "recall", "F1"));
    for (JsonNode one : classes) {
      table.add(
          List.of(
              one.path("name").asText(),
              Figures.whole(one.path("actual").asLong()),
              Figures.percent(one.path("precision").asDouble()),
              Figures.percent(one.path("recall").asDouble()),
              Figures.percent(one.path("f1").asDouble())));
    }
    List<Bars.Bar> bars =
        classes.stream()
            .limit(MOST_CLASSES)
            .map(
                one ->
                    Bars.Bar.of(
                        one.path("name").asText(),
                        one.path("f1").asDouble(),
                        Figures.percent(one.path("f1").asDouble()),
                        MODEL))
            .toList();
    Chart chart =
        new Chart(
            "F1 of the hardest classes",
            "The %d of %d classes with the lowest F1 on held-out examples."
                .formatted(bars.size(), classes.size()),
            table);
    return new Bars(chart, bars, 1).draw();
  }
}
