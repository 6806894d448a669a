package org.trainyard.evaluation.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * The frame of every chart: a heading, what it shows, a legend, the drawing and the numbers behind
 * it.
 *
 * @param title what it is about, in a few words
 * @param description what it shows, in a sentence; read out to those who do not see it
 * @param table the numbers behind it; the first row is the head
 */
public record Chart(String title, String description, List<List<String>> table) {

  /**
   * One entry of a legend.
   *
   * @param name what it stands for
   * @param colour number of its colour, 1 to 8
   */
  public record Key(String name, int colour) {}

  /** Keeps its own copy. */
  public Chart {
    table = List.copyOf(table);
  }

  /** Puts the drawing into its frame. */
  public Element frame(List<Key> legend, Element... drawing) {
    Element figure = Element.of("figure", "chart");
    figure.add(Element.of("figcaption").add(Element.of("h3").text(title)));
    if (legend.size() > 1) {
      Element keys = Element.of("ul", "legend");
      legend.forEach(key -> keys.add(Element.of("li", "key c" + key.colour()).text(key.name())));
      figure.add(keys);
    }
    figure.add(drawing);
    figure.add(Element.of("p", "note").text(description));
    return table.isEmpty()
        ? figure
        : figure.add(
            Element.of("details").add(Element.of("summary").text("Numbers"), table(table)));
  }

  /** A drawing that fills its column's width, with title and description for screen readers. */
  public Element drawing(double height) {
    return Element.of("svg", "drawing")
        .with("width", "100%")
        .with("height", height)
        .with("role", "img")
        .with("aria-label", title + ". " + description)
        .add(Element.of("title").text(title), Element.of("desc").text(description));
  }

  /** A table whose first row is the head and whose first column names the rows. */
  public static Element table(List<List<String>> rows) {
    Element head = Element.of("tr");
    rows.get(0).forEach(cell -> head.add(Element.of("th").with("scope", "col").text(cell)));
    List<Element> body = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      Element line = Element.of("tr");
      line.add(Element.of("th").with("scope", "row").text(row.get(0)));
      row.subList(1, row.size()).forEach(cell -> line.add(Element.of("td").text(cell)));
      body.add(line);
    }
    return Element.of("div", "scroll")
        .add(Element.of("table").add(Element.of("thead").add(head), Element.of("tbody").add(body)));
  }
}
