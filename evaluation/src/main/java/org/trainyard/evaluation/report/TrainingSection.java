package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.evaluation.report.chart.Chart;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.evaluation.report.chart.Lines;
import org.trainyard.evaluation.report.chart.Lines.Point;
import org.trainyard.evaluation.report.chart.Lines.Series;
import org.trainyard.evaluation.report.chart.Lines.Style;

/** How the loss fell, how fast the units went through, and how large the steps were. */
final class TrainingSection implements Section {
  private static final String UNITS = "units";
  private static final String X_NAME = "units seen";
  private static final int MOST_TABLE_ROWS = 30;

  @Override
  public String title() {
    return "Training";
  }

  @Override
  public List<Element> content(Facts facts) {
    List<Element> charts = new ArrayList<>();
    facts.histories().forEach((step, history) -> draw(step, history, charts));
    return charts;
  }

  private static void draw(String step, History history, List<Element> charts) {
    List<Series> losses = new ArrayList<>();
    add(losses, "training", 1, Style.FAINT, history.points(UNITS, "loss_per_unit"));
    add(
        losses,
        "validation, last weights",
        2,
        Style.DOTTED,
        history.points(UNITS, "validation_loss"));
    add(
        losses,
        "validation, averaged weights",
        3,
        Style.DOTTED,
        history.points(UNITS, "validation_loss_averaged"));
    draw(
        "Loss of " + step,
        "Nats for each unit; lower is better. Training loss is taken before each step, with dropout on.",
        false,
        losses,
        charts);
    List<Series> speed = new ArrayList<>();
    add(speed, "units per second", 1, Style.SOLID, history.points(UNITS, "units_per_second"));
    draw("Throughput", "Real units a second, all executors together.", true, speed, charts);
    List<Series> rate = new ArrayList<>();
    add(rate, "learning rate", 4, Style.SOLID, history.points(UNITS, "rate"));
    draw("Learning rate", "As the schedule gave it.", true, rate, charts);
    List<Series> norm = new ArrayList<>();
    add(norm, "gradient norm", 7, Style.SOLID, history.points(UNITS, "gradient_norm"));
    draw("Gradient norm", "Euclidean, before clipping.", true, norm, charts);
  }

  private static void add(
      List<Series> all, String name, int colour, Style style, List<Point> points) {
    if (points.size() > 1) {
      all.add(new Series(name, colour, style, points));
    }
  }

  private static void draw(
      String title,
      String description,
      boolean fromZero,
      List<Series> series,
      List<Element> charts) {
    if (series.isEmpty()) {
      return;
    }
    List<List<String>> table = new ArrayList<>();
    table.add(List.of(X_NAME, "curve", "value"));
    for (Series one : series) {
      int stride = Math.max(1, one.points().size() / MOST_TABLE_ROWS);
      for (int i = 0; i < one.points().size(); i += stride) {
        Point point = one.points().get(i);
        table.add(List.of(Figures.compact(point.x()), one.name(), Figures.compact(point.y())));
      }
    }
    charts.add(new Lines(new Chart(title, description, table), X_NAME, fromZero, series).draw());
  }
}
