package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.trainyard.evaluation.report.chart.Bars;
import org.trainyard.evaluation.report.chart.Chart;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.pipeline.record.StepRecord;

/** What share of what is computed is padding. */
final class PaddingSection implements Section {
  private static final int REAL = 1;
  private static final int PADDING = 2;

  @Override
  public String title() {
    return "Batches";
  }

  @Override
  public List<Element> content(Facts facts) {
    return facts.reporting("padded_units").stream()
        .filter(record -> record.metrics().containsKey("real_units"))
        .map(PaddingSection::draw)
        .toList();
  }

  private static Element draw(StepRecord record) {
    Map<String, Double> metrics = record.metrics();
    double real = metrics.get("real_units");
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("plan", "real units", "padded units", "padding"));
    add("as planned", real, metrics.get("padded_units"), bars, table);
    Double naive = metrics.get("naive_padding_share");
    if (naive != null && naive < 1) {
      add("random order", real, real / (1 - naive), bars, table);
    }
    Chart chart =
        new Chart(
            "Padding in " + record.step(),
            ("%s examples in %s batches; the model computes every unit, real or padded. Random order is"
                    + " what the same examples cost unsorted, within the same limits.")
                .formatted(
                    Figures.whole(metrics.getOrDefault("examples", 0.0).longValue()),
                    Figures.whole(metrics.getOrDefault("batches", 0.0).longValue())),
            table);
    return new Bars(chart, bars, 0).draw();
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
