package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.trainyard.evaluation.report.chart.Bars;
import org.trainyard.evaluation.report.chart.Chart;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.pipeline.record.StepRecord;

/** Rows kept and rejected by reason, and whose they are. */
final class RowsSection implements Section {
  private static final int KEPT = 1;
  private static final int[] REASONS = {2, 3, 4, 5, 6, 7};
  private static final int OTHER = 8;
  private static final int MOST_LICENCES = 12;

  @Override
  public String title() {
    return "Data";
  }

  @Override
  public List<Element> content(Facts facts) {
    List<Element> charts = new ArrayList<>();
    List<StepRecord> rejecting =
        facts.inOrder().stream().filter(record -> record.rows().rejectedRows() > 0).toList();
    if (!rejecting.isEmpty()) {
      charts.add(kept(rejecting));
    }
    facts.inOrder().stream()
        .filter(record -> !record.licences().isEmpty())
        .findFirst()
        .ifPresent(record -> charts.add(licences(record)));
    return charts;
  }

  private static Element kept(List<StepRecord> records) {
    Map<String, Integer> colours = colours(records);
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("step", "kept or rejected because", "rows"));
    for (StepRecord record : records) {
      // Of expanding steps only the rejected rows can be told as a share of what came in.
      long kept = Math.max(0, record.rows().in() - record.rows().rejectedRows());
      List<Bars.Part> parts = new ArrayList<>();
      parts.add(new Bars.Part("kept", kept, Figures.whole(kept), KEPT));
      table.add(List.of(record.step(), "kept", Figures.whole(kept)));
      bySize(record.rows().rejected())
          .forEach(
              (reason, count) -> {
                parts.add(new Bars.Part(reason, count, Figures.whole(count), colours.get(reason)));
                table.add(List.of(record.step(), reason, Figures.whole(count)));
              });
      bars.add(
          new Bars.Bar(
              record.step(),
              "%s of %s kept".formatted(Figures.whole(kept), Figures.whole(record.rows().in())),
              parts));
    }
    Chart chart =
        new Chart(
            "Rows kept and rejected",
            "Every row that goes into a step comes out or is kept in its reject table with the reason.",
            table);
    return new Bars(chart, bars, 0).draw();
  }

  /** The same colour for a reason in all bars; the largest reasons first. */
  private static Map<String, Integer> colours(List<StepRecord> records) {
    Map<String, Long> totals = new TreeMap<>();
    records.forEach(
        record -> record.rows().rejected().forEach((why, n) -> totals.merge(why, n, Long::sum)));
    Map<String, Integer> colours = new LinkedHashMap<>();
    bySize(totals)
        .keySet()
        .forEach(
            reason ->
                colours.put(
                    reason, colours.size() < REASONS.length ? REASONS[colours.size()] : OTHER));
    return colours;
  }

  private static Map<String, Long> bySize(Map<String, Long> counts) {
    Map<String, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private static Element licences(StepRecord record) {
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("licence of the source", "rows"));
    bySize(record.licences())
        .forEach(
            (licence, count) -> {
              if (bars.size() < MOST_LICENCES) {
                bars.add(Bars.Bar.of(licence, count, Figures.whole(count), KEPT));
              }
              table.add(List.of(licence, Figures.whole(count)));
            });
    Chart chart =
        new Chart(
            "Licences",
            "Rows that step %s kept, by the licence of their source.".formatted(record.step()),
            table);
    return new Bars(chart, bars, 0).draw();
  }
}
