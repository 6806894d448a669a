package org.trainyard.evaluation.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Curves over a common axis. Lines are stretched to the column's width, labels are not.
 *
 * @param chart its frame
 * @param xName what the horizontal axis counts
 * @param fromZero whether the vertical axis starts at 0
 * @param series the curves; later ones lie above
 */
public record Lines(Chart chart, String xName, boolean fromZero, List<Series> series) {
  private static final double HEIGHT = 220;
  private static final double BELOW = 22;
  private static final double PAD = 8;
  private static final int AXIS_WIDTH = 50;
  private static final int GRID = 1000;
  private static final int Y_TICKS = 5;
  private static final int X_TICKS = 4;

  /** Share of the axis at whose left an initial peak may be cut off. */
  private static final double START = 0.04;

  /**
   * One curve.
   *
   * @param name in the legend
   * @param colour 1 to 8
   * @param style how it is drawn
   * @param points in order of x
   */
  public record Series(String name, int colour, Style style, List<Point> points) {
    /** Keeps its own copy. */
    public Series {
      points = List.copyOf(points);
    }
  }

  /** How a curve is drawn. */
  public enum Style {
    /** A plain line. */
    SOLID,
    /** A dashed line. */
    DASHED,
    /** A thin line in the background. */
    FAINT,
    /** A line with a dot at every point. */
    DOTTED
  }

  /** A point of a curve. */
  public record Point(double x, double y) {}

  /** Keeps its own copy. */
  public Lines {
    series = List.copyOf(series);
  }

  /** As a figure. */
  public Element draw() {
    Scale x = horizontal();
    Scale y = vertical(x).rounded(Y_TICKS);
    Element plot = chart.drawing(HEIGHT + PAD + BELOW);
    grid(plot, y);
    for (double tick : x.ticks(X_TICKS)) {
      plot.add(xLabel(x, tick));
    }
    Element curves =
        Element.of("svg", "curves")
            .with("y", PAD)
            .with("width", "100%")
            .with("height", HEIGHT)
            .with("viewBox", "0 0 %d %d".formatted(GRID, GRID))
            .with("preserveAspectRatio", "none");
    for (Series one : series) {
      curves.add(curve(one, x, y));
    }
    plot.add(curves);
    dots(plot, x, y);
    List<Chart.Key> legend =
        series.stream().map(one -> new Chart.Key(one.name(), one.colour())).toList();
    Element body = Element.of("div", "plot").add(axis(y), plot);
    return chart.frame(legend, body, Element.of("p", "axis-name").text(xName));
  }

  private Scale horizontal() {
    double low = all(Point::x).min().orElse(0);
    return Scale.of(low, all(Point::x).max().orElse(1));
  }

  private Scale vertical(Scale x) {
    double high =
        series.stream()
            .flatMap(one -> one.points().stream())
            .filter(point -> x.share(point.x()) >= START)
            .mapToDouble(Point::y)
            .max()
            .orElseGet(() -> all(Point::y).max().orElse(1));
    double low = fromZero ? 0 : all(Point::y).min().orElse(0);
    return Scale.of(Math.min(high, low), high);
  }

  private java.util.stream.DoubleStream all(java.util.function.ToDoubleFunction<Point> part) {
    return series.stream().flatMap(one -> one.points().stream()).mapToDouble(part);
  }

  private static double top(Scale y, double value) {
    return PAD + HEIGHT * (1 - y.share(value));
  }

  private static void grid(Element plot, Scale y) {
    for (double tick : y.ticks(Y_TICKS)) {
      double top = top(y, tick);
      plot.add(
          Element.of("line", "grid")
              .with("x1", 0)
              .with("x2", "100%")
              .with("y1", top)
              .with("y2", top));
    }
  }

  private static Element axis(Scale y) {
    Element svg =
        Element.of("svg", "axis")
            .with("width", AXIS_WIDTH)
            .with("height", HEIGHT + PAD + BELOW)
            .with("aria-hidden", "true");
    DoubleFunction<String> label = Figures::compact;
    for (double tick : y.ticks(Y_TICKS)) {
      svg.add(
          Element.of("text", "tick end")
              .with("x", AXIS_WIDTH - 8)
              .with("y", top(y, tick) + 4)
              .text(label.apply(tick)));
    }
    return svg;
  }

  private static Element xLabel(Scale x, double tick) {
    double share = x.share(tick);
    String anchor = share < 0.05 ? "start" : share > 0.95 ? "end" : "middle";
    return Element.of("text", "tick " + anchor)
        .with("x", x.percent(tick))
        .with("y", HEIGHT + PAD + BELOW - 5)
        .text(Figures.compact(tick));
  }

  private static Element curve(Series one, Scale x, Scale y) {
    StringBuilder path = new StringBuilder();
    for (Point point : one.points()) {
      path.append(path.isEmpty() ? "M" : "L")
          .append(Figures.plain(GRID * x.share(point.x())))
          .append(' ')
          .append(Figures.plain(GRID * (1 - y.share(point.y()))));
    }
    return Element.of(
            "path",
            "curve %s c%d"
                .formatted(one.style().name().toLowerCase(java.util.Locale.ROOT), one.colour()))
        .with("d", path);
  }

  private void dots(Element plot, Scale x, Scale y) {
    for (Series one : series) {
      if (one.style() != Style.DOTTED) {
        continue;
      }
      for (Point point : visible(one, y)) {
        plot.add(
            Element.of("circle", "dot c" + one.colour())
                .with("cx", x.percent(point.x()))
                .with("cy", top(y, point.y()))
                .with("r", 3)
                .add(
                    Element.of("title")
                        .text(
                            "%s %s at %s"
                                .formatted(
                                    one.name(),
                                    Figures.compact(point.y()),
                                    Figures.compact(point.x())))));
      }
    }
  }

  private static List<Point> visible(Series one, Scale y) {
    List<Point> points = new ArrayList<>(one.points());
    points.removeIf(point -> point.y() > y.to());
    return points;
  }
}
