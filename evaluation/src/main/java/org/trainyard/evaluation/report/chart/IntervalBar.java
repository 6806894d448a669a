package org.trainyard.evaluation.report.chart;

/**
 * A 95 % interval over a line that marks nothing and one that marks the promise.
 *
 * @param mean within the interval
 * @param low its lower end
 * @param high its upper end
 * @param margin what the interval must exceed
 * @param colour 1 to 8
 */
public record IntervalBar(double mean, double low, double high, double margin, int colour) {
  private static final double HEIGHT = 34;
  private static final double MIDDLE = 12;

  /** As a drawing. */
  public Element draw() {
    double least = Math.min(Math.min(low, margin), 0);
    double most = Math.max(Math.max(high, margin), 0);
    double pad = most > least ? (most - least) * 0.12 : 1;
    Scale scale = new Scale(least - pad, most + pad);
    String words =
        "improvement %s, 95%% interval %s to %s, promised more than %s"
            .formatted(
                Figures.compact(mean),
                Figures.compact(low),
                Figures.compact(high),
                Figures.compact(margin));
    Element svg =
        Element.of("svg", "interval")
            .with("width", "100%")
            .with("height", HEIGHT)
            .with("role", "img")
            .with("aria-label", words)
            .add(
                Element.of("title").text(words),
                Element.of("rect", "promised")
                    .with("x", scale.percent(margin))
                    .with("y", 0)
                    .with("width", scale.percent(scale.from() + scale.to() - margin))
                    .with("height", 2 * MIDDLE),
                upright("zero", scale.percent(0)),
                upright("margin", scale.percent(margin)));
    svg.add(
        Element.of("line", "range c" + colour)
            .with("x1", scale.percent(low))
            .with("x2", scale.percent(high))
            .with("y1", MIDDLE)
            .with("y2", MIDDLE),
        Element.of("circle", "dot c" + colour)
            .with("cx", scale.percent(mean))
            .with("cy", MIDDLE)
            .with("r", 5));
    return svg.add(
        Element.of("text", "tick middle")
            .with("x", scale.percent(0))
            .with("y", HEIGHT - 1)
            .text("0"));
  }

  private static Element upright(String cssClass, String x) {
    return Element.of("line", cssClass)
        .with("x1", x)
        .with("x2", x)
        .with("y1", 0)
        .with("y2", 2 * MIDDLE);
  }
}
