package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trainyard.evaluation.report.chart.Bars;
import org.trainyard.evaluation.report.chart.Chart;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.pipeline.record.StepRecord;

/**
 * What share of what is computed is padding, in which lengths it lies, how full batches are, and
 * what it costs.
 */
final class PaddingSection implements Section {
  private static final int REAL = 1;
  private static final int PADDING = 2;
  private static final int SIZE = 3;

  /** Bars of a chart at most: more buckets are drawn several to a bar. */
  private static final int MOST_BARS = 12;

  @Override
  public String title() {
    return "Batches";
  }

  @Override
  public List<Element> content(Facts facts) {
    List<Element> charts = new ArrayList<>();
    for (StepRecord record : facts.reporting("padded_units")) {
      if (record.metrics().containsKey("real_units")) {
        charts.add(whole(record));
        Optional.ofNullable(facts.plans().get(record.step()))
            .ifPresent(plan -> parts(record.step(), plan, charts));
        facts.reporting("units_per_second").stream()
            .filter(step -> (record.step() + ".batches").equals(step.inputs().get("batches")))
            .forEach(training -> cost(record, training, facts, charts));
      }
    }
    return charts;
  }

  private static Element whole(StepRecord record) {
    Map<String, Double> metrics = record.metrics();
    double real = metrics.get("real_units");
    double padded = metrics.get("padded_units");
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = head("plan");
    add("as planned", real, padded, bars, table);
    naive(metrics).ifPresent(naive -> add("random order", real, naive, bars, table));
    String used =
        metrics.containsKey("budget_share")
            ? " The batches use %s of their budget."
                .formatted(Figures.percent(metrics.get("budget_share")))
            : "";
    Chart chart =
        new Chart(
            "Padding in " + record.step(),
            ("%s examples in %s batches; the model computes every unit, real or padded. Random"
                    + " order is what the same examples cost unsorted, within the same limits.%s")
                .formatted(
                    Figures.whole(metrics.getOrDefault("examples", 0.0).longValue()),
                    Figures.whole(metrics.getOrDefault("batches", 0.0).longValue()),
                    used),
            table);
    return new Bars(chart, bars, 0).draw();
  }

  /** Padded units of the same examples in random order, if they are known. */
  private static Optional<Double> naive(Map<String, Double> metrics) {
    return Optional.ofNullable(metrics.get("naive_padding_share"))
        .filter(share -> share < 1)
        .map(share -> metrics.get("real_units") / (1 - share));
  }

  private static void parts(String step, JsonNode plan, List<Element> charts) {
    JsonNode buckets = plan.path("buckets");
    if (buckets.size() > 1) {
      charts.add(byLength(step, buckets));
    }
    JsonNode sizes = plan.path("batch-sizes");
    if (!sizes.isEmpty()) {
      charts.add(bySize(step, sizes));
    }
  }

  private static Element byLength(String step, JsonNode buckets) {
    int perBar = (buckets.size() + MOST_BARS - 1) / MOST_BARS;
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = head("length");
    for (int from = 0; from < buckets.size(); from += perBar) {
      int to = Math.min(from + perBar, buckets.size());
      long shortest = Long.MAX_VALUE;
      long longest = 0;
      double real = 0;
      double padded = 0;
      for (int at = from; at < to; at++) {
        JsonNode bucket = buckets.get(at);
        shortest = Math.min(shortest, bucket.path("shortest").asLong());
        longest = Math.max(longest, bucket.path("longest").asLong());
        real += bucket.path("real-units").asDouble();
        padded += bucket.path("padded-units").asDouble();
      }
      String range = Figures.whole(shortest) + " – " + Figures.whole(longest) + " units";
      add(range, real, padded, bars, table);
    }
    Chart chart =
        new Chart(
            "Padding by length in " + step,
            "Examples of like length share batches. %d buckets, %d to a bar."
                .formatted(buckets.size(), perBar),
            table);
    return new Bars(chart, bars, 0).draw();
  }

  private static Element bySize(String step, JsonNode sizes) {
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("examples", "batches"));
    for (JsonNode size : sizes) {
      long from = size.path("from").asLong();
      long to = size.path("to").asLong();
      long batches = size.path("batches").asLong();
      String range =
          (from == to ? Figures.whole(from) : Figures.whole(from) + " to " + Figures.whole(to))
              + (to == 1 ? " example" : " examples");
      bars.add(Bars.Bar.of(range, batches, Figures.whole(batches) + " batches", SIZE));
      table.add(List.of(range, Figures.whole(batches)));
    }
    Chart chart =
        new Chart(
            "Examples of a batch in " + step,
            "How many batches hold how many examples: short examples fill a batch in large"
                + " numbers.",
            table);
    return new Bars(chart, bars, 0).draw();
  }

  /** Processor time that went into padding, and what random order would have cost. */
  private static void cost(
      StepRecord plan, StepRecord training, Facts facts, List<Element> charts) {
    Map<String, Double> metrics = plan.metrics();
    double units = training.metrics().getOrDefault("units", 0.0);
    double slots =
        Double.parseDouble(facts.run().environment().getOrDefault("default-parallelism", "0"));
    double seconds = slots * units / training.metrics().get("units_per_second");
    Optional<Double> naive = naive(metrics);
    if (!(seconds > 0 && Double.isFinite(seconds)) || naive.isEmpty()) {
      return;
    }
    double padded = metrics.get("padded_units");
    double useful = seconds * metrics.get("real_units") / padded;
    double unsorted = seconds * naive.get() / padded;
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("plan", "processor time", "of it padding"));
    List<Bars.Bar> bars = new ArrayList<>();
    time("as planned", seconds, useful, bars, table);
    time("random order", unsorted, useful, bars, table);
    String difference =
        unsorted >= seconds
            ? "Random order would have cost %s more.".formatted(Figures.time(unsorted - seconds))
            : "Random order would have cost %s less.".formatted(Figures.time(seconds - unsorted));
    Chart chart =
        new Chart(
            "Processor time of " + training.step(),
            "Time of training times %s task slots, as measured; for random order, as it would be if a padded unit costs what a real one does. %s"
                .formatted(Figures.whole((long) slots), difference),
            table);
    charts.add(new Bars(chart, bars, 0).draw());
  }

  private static void time(
      String label, double all, double useful, List<Bars.Bar> bars, List<List<String>> table) {
    double wasted = Math.max(0, all - useful);
    bars.add(
        new Bars.Bar(
            label,
            Figures.time(all),
            List.of(
                new Bars.Part("real units", Math.min(useful, all), Figures.time(useful), REAL),
                new Bars.Part("padding", wasted, Figures.time(wasted), PADDING))));
    table.add(List.of(label, Figures.time(all), Figures.time(wasted)));
  }

  private static List<List<String>> head(String what) {
    return new ArrayList<>(List.of(List.of(what, "real units", "padded units", "padding")));
  }

  private static void add(
      String label, double real, double padded, List<Bars.Bar> bars, List<List<String>> table) {
    String share = Figures.percent(padded == 0 ? 0 : 1 - real / padded);
    bars.add(
        new Bars.Bar(
            label,
            share + " padding",
            List.of(
                new Bars.Part("real units", real, Figures.compact(real), REAL),
                new Bars.Part("padding", padded - real, Figures.compact(padded - real), PADDING))));
    table.add(List.of(label, Figures.whole((long) real), Figures.whole((long) padded), share));
  }
}
