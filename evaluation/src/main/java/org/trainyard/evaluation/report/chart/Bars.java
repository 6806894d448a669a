package org.trainyard.evaluation.report.chart;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Horizontal bars, each cut into parts, one below the other: a plain bar has one part. Label and
 * value stand above the bar, so it uses the whole width of a phone too.
 *
 * @param chart its frame
 * @param bars from top to bottom
 * @param most value at full width; at least the longest bar
 */
public record Bars(Chart chart, List<Bar> bars, double most) {
  private static final double ROW = 46;
  private static final double BAR_TOP = 20;
  private static final double BAR_HEIGHT = 14;
  private static final double BASELINE = 13;

  /** Characters of label and value that stand side by side on a phone. */
  private static final int LINE = 42;

  private static final int LEAST_LABEL = 12;

  /**
   * One bar.
   *
   * @param label on the left
   * @param value on the right, as it is read
   * @param parts from left to right
   */
  public record Bar(String label, String value, List<Part> parts) {
    /** A bar of one part. */
    public static Bar of(String label, double length, String value, int colour) {
      return new Bar(label, value, List.of(new Part(label, length, value, colour)));
    }

    double length() {
      return parts.stream().mapToDouble(Part::length).sum();
    }
  }

  /**
   * A part of a bar.
   *
   * @param name in the legend
   * @param length at least 0
   * @param value as it is read
   * @param colour 1 to 8
   */
  public record Part(String name, double length, String value, int colour) {}

  /** Keeps its own copy. */
  public Bars {
    bars = List.copyOf(bars);
    most = Math.max(most, bars.stream().mapToDouble(Bar::length).max().orElse(1));
  }

  /** As a figure, with a legend if bars have parts. */
  public Element draw() {
    Element svg = chart.drawing(ROW * bars.size());
    Set<Chart.Key> keys = new LinkedHashSet<>();
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double top = i * ROW;
      svg.add(
          Element.of("text", "label")
              .with("x", 0)
              .with("y", top + BASELINE)
              .add(Element.of("title").text(bar.label()))
              .text(shortened(bar)),
          Element.of("text", "value end")
              .with("x", "100%")
              .with("y", top + BASELINE)
              .text(bar.value()),
          rectangle("track", 0, most, top + BAR_TOP));
      double from = 0;
      for (Part part : bar.parts()) {
        Element shape = rectangle("bar c" + part.colour(), from, part.length(), top + BAR_TOP);
        svg.add(shape.add(Element.of("title").text(part.name() + ": " + part.value())));
        from += part.length();
        keys.add(new Chart.Key(part.name(), part.colour()));
      }
    }
    boolean divided = bars.stream().anyMatch(bar -> bar.parts().size() > 1);
    return chart.frame(divided ? new ArrayList<>(keys) : List.of(), svg);
  }

  private static String shortened(Bar bar) {
    int room = Math.max(LEAST_LABEL, LINE - bar.value().length());
    return bar.label().length() <= room ? bar.label() : bar.label().substring(0, room - 1) + "…";
  }

  private Element rectangle(String cssClass, double from, double length, double top) {
    Scale scale = new Scale(0, most > 0 ? most : 1);
    return Element.of("rect", cssClass)
        .with("x", scale.percent(from))
        .with("y", top)
        .with("width", scale.percent(length))
        .with("height", BAR_HEIGHT)
        .with("rx", 2);
  }
}
