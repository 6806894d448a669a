package org.trainyard.pipeline.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.trainyard.pipeline.record.StepRecord;

/** What a run prints: one line as each step ends, and a table at the end. */
public final class Summary {
  private Summary() {}

  /** One line for one unit. */
  static String line(Unit unit, StepRecord record, boolean skipped, long milliseconds) {
    if (skipped) {
      return "%s: unchanged, skipped".formatted(unit.title());
    }
    return "%s: %s in %s"
        .formatted(unit.title(), rows(record), Progress.duration(milliseconds / 1e3));
  }

  private static String rows(StepRecord record) {
    long rejected = record.rows().rejectedRows();
    return record.rows().out() == 0 && rejected == 0
        ? "made " + String.join(", ", record.outputs().keySet())
        : String.format(
            Locale.ROOT,
            "%,d rows%s",
            record.rows().out(),
            rejected == 0 ? "" : String.format(Locale.ROOT, ", %,d rejected", rejected));
  }

  /** The result table: steps with rows and time, then every metric. */
  public static String table(RunRecord run, SortedMap<String, StepRecord> records) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"step", "rows in", "rows out", "rejected", "time", ""});
    List<String[]> metrics = new ArrayList<>();
    for (RunRecord.UnitRun unit : run.units()) {
      StepRecord record = records.get(unit.step());
      rows.add(
          new String[] {
            unit.title(),
            "%,d".formatted(record.rows().in()),
            "%,d".formatted(record.rows().out()),
            "%,d".formatted(record.rows().rejectedRows()),
            Progress.duration((unit.skipped() ? record.milliseconds() : unit.milliseconds()) / 1e3),
            unit.skipped() ? "skipped" : ""
          });
      for (Map.Entry<String, Double> metric : record.metrics().entrySet()) {
        metrics.add(new String[] {unit.step() + "." + metric.getKey(), number(metric.getValue())});
      }
    }
    String text = TextTable.render(rows);
    return metrics.isEmpty() ? text : text + "\n" + TextTable.render(metrics);
  }

  /** A figure as people read it: four significant digits, thousands set apart. */
  public static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    double size = Math.abs(value);
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size < 1e-3 || !Double.isFinite(value)) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
