package org.trainyard.evaluation.report.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An element of HTML or SVG. All text and attributes are escaped when it is written out, so nothing
 * that a file, a column or an error message holds can become markup.
 */
public final class Element {
  private static final Set<String> VOID = Set.of("meta", "br", "col");

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Object> children = new ArrayList<>();

  private record Verbatim(String markup) {}

  private Element(String name) {
    this.name = name;
  }

  /** An empty element. */
  public static Element of(String name) {
    return new Element(name);
  }

  /** An element of a CSS class. */
  public static Element of(String name, String cssClass) {
    return new Element(name).with("class", cssClass);
  }

  /** Sets an attribute; numbers are written with at most three decimals. */
  public Element with(String attribute, Object value) {
    attributes.put(
        attribute, value instanceof Double number ? Figures.plain(number) : value.toString());
    return this;
  }

  /** Appends text. */
  public Element text(String text) {
    children.add(text);
    return this;
  }

  /** Appends elements. */
  public Element add(Element... elements) {
    children.addAll(List.of(elements));
    return this;
  }

  /** Appends elements. */
  public Element add(List<Element> elements) {
    children.addAll(elements);
    return this;
  }

  /** Appends a file of our own unescaped; never anything from a run. */
  public Element verbatim(String ownFile) {
    children.add(new Verbatim(ownFile));
    return this;
  }

  /** Whether nothing was appended. */
  public boolean isEmpty() {
    return children.isEmpty();
  }

  /** As markup. */
  public String render() {
    StringBuilder out = new StringBuilder();
    render(out);
    return out.toString();
  }

  private void render(StringBuilder out) {
    out.append('<').append(name);
    attributes.forEach(
        (key, value) -> {
          out.append(' ').append(key).append("=\"");
          escape(value, out);
          out.append('"');
        });
    out.append('>');
    for (Object child : children) {
      if (child instanceof Element element) {
        element.render(out);
      } else if (child instanceof Verbatim verbatim) {
        out.append(verbatim.markup());
      } else {
        escape(child.toString(), out);
      }
    }
    if (!VOID.contains(name)) {
      out.append("</").append(name).append('>');
    }
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        default -> out.append(Character.isISOControl(c) ? '\uFFFD' : c);
      }
    }
  }
}
