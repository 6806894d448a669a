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

  /**
   * One step of the funnel; several where stages were fused into one unit.
   *
   * @param rejected rows by reason
   */
  private record Stop(String step, long in, Map<String, Long> rejected) {
    long kept() {
      return in - rejected.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Reasons are named after the step that found them, so a fused unit falls apart again. */
  private static List<Stop> stops(StepRecord record) {
    List<Stop> stops = new ArrayList<>();
    // A step that makes several rows of one is judged by what it made.
    long in = Math.max(record.rows().in(), record.rows().out() + record.rows().rejectedRows());
    for (StepRecord.Applied applied : record.techniques()) {
      Map<String, Long> rejected = new LinkedHashMap<>();
      bySize(record.rows().rejected())
          .forEach(
              (reason, count) -> {
                if (reason.startsWith(applied.step() + ".")) {
                  rejected.put(reason, count);
                }
              });
      if (!rejected.isEmpty()) {
        Stop stop = new Stop(applied.step(), in, rejected);
        stops.add(stop);
        in = stop.kept();
      }
    }
    return stops;
  }

  private static Element kept(List<StepRecord> records) {
    Map<String, Integer> colours = colours(records);
    List<Bars.Bar> bars = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("step", "kept or rejected because", "rows"));
    for (StepRecord record : records) {
      for (Stop stop : stops(record)) {
        bars.add(
            new Bars.Bar(
                stop.step(),
                "%s of %s kept".formatted(Figures.whole(stop.kept()), Figures.whole(stop.in())),
                parts(stop, colours)));
        table.add(List.of(stop.step(), "kept", Figures.whole(stop.kept())));
        stop.rejected()
            .forEach(
                (reason, count) -> table.add(List.of(stop.step(), reason, Figures.whole(count))));
      }
    }
    Chart chart =
        new Chart(
            "Rows kept and rejected",
            "Every row that goes into a step comes out or is kept in its reject table with the reason.",
            table);
    return new Bars(chart, bars, 0).draw();
  }

  private static List<Bars.Part> parts(Stop stop, Map<String, Integer> colours) {
    List<Bars.Part> parts = new ArrayList<>();
    parts.add(new Bars.Part("kept", stop.kept(), Figures.whole(stop.kept()), KEPT));
    long others = 0;
    for (Map.Entry<String, Long> reason : stop.rejected().entrySet()) {
      if (colours.containsKey(reason.getKey())) {
        parts.add(
            new Bars.Part(
                reason.getKey(),
                reason.getValue(),
                Figures.whole(reason.getValue()),
                colours.get(reason.getKey())));
      } else {
        others += reason.getValue();
      }
    }
    if (others > 0) {
      parts.add(new Bars.Part("other reasons", others, Figures.whole(others), OTHER));
    }
    return parts;
  }

  /** A colour for each of the most frequent reasons of the run. */
  private static Map<String, Integer> colours(List<StepRecord> records) {
    Map<String, Long> totals = new TreeMap<>();
    records.forEach(
        record -> record.rows().rejected().forEach((why, n) -> totals.merge(why, n, Long::sum)));
    Map<String, Integer> colours = new LinkedHashMap<>();
    for (String reason : bySize(totals).keySet()) {
      if (colours.size() < REASONS.length) {
        colours.put(reason, REASONS[colours.size()]);
      }
    }
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
