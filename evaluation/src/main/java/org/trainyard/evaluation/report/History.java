package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.evaluation.report.chart.Lines.Point;
import org.trainyard.pipeline.config.Yaml;

/**
 * The lines that a training run wrote, one JSON object each. Figures are looked up by name, so that
 * an engine may add its own.
 *
 * @param lines in order
 */
public record History(List<JsonNode> lines) {
  /** Name of the file in a model's artifact. */
  public static final String FILE = "history.jsonl";

  /** Most points of a curve; more are averaged in equal groups. */
  private static final int MOST_POINTS = 300;

  /** Keeps its own copy. */
  public History {
    lines = List.copyOf(lines);
  }

  /** Reads the text of the file; a last line that was cut off is left out. */
  public static History parse(String text) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.split("\n")) {
      if (line.endsWith("}")) {
        lines.add(Yaml.parse(line));
      }
    }
    return new History(lines);
  }

  /** The lines that have a figure of this name, as points over another figure. */
  public List<Point> points(String x, String y) {
    List<Point> all = new ArrayList<>();
    for (JsonNode line : lines) {
      if (line.path(x).isNumber() && line.path(y).isNumber()) {
        all.add(new Point(line.get(x).doubleValue(), line.get(y).doubleValue()));
      }
    }
    return thinned(all);
  }

  private static List<Point> thinned(List<Point> points) {
    int group = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
    if (group <= 1) {
      return points;
    }
    List<Point> means = new ArrayList<>();
    for (int from = 0; from < points.size(); from += group) {
      List<Point> part = points.subList(from, Math.min(from + group, points.size()));
      means.add(
          new Point(
              part.stream().mapToDouble(Point::x).average().orElseThrow(),
              part.stream().mapToDouble(Point::y).average().orElseThrow()));
    }
    return means;
  }
}
