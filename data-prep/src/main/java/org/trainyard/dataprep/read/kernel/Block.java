package org.trainyard.dataprep.read.kernel;

import org.jsoup.nodes.Element;

/**
 * A run of text that a reader of a page sees as one piece.
 *
 * @param container the block-level element that it stands in
 * @param text white space collapsed, but for line breaks
 * @param weight how much text it is ({@link BlockCollector#weight})
 * @param linkShare share of the weight inside links, 0 to 1
 */
record Block(Element container, String text, int weight, double linkShare) {

  /** Whether it is more link than text: an entry of a menu. */
  boolean isLinks() {
    return linkShare > 0.5;
  }

  /** Whether it is a paragraph of running text. */
  boolean isProse(int leastWeight) {
    return weight >= leastWeight && linkShare <= 1 / 3.0 && !isHeading();
  }

  /** Whether it is a heading. */
  boolean isHeading() {
    String tag = container.normalName();
    return tag.length() == 2 && tag.charAt(0) == 'h' && Character.isDigit(tag.charAt(1));
  }

  /**
   * What parts it from the block before: a blank line, but less between items and between cells.
   */
  String gapAfter(Block before) {
    Element parent = container.parent();
    boolean siblings = parent != null && parent.equals(before.container.parent());
    if (siblings && !container.equals(before.container)) {
      String tag = container.normalName();
      if (tag.equals("td") || tag.equals("th")) {
        return "\t";
      }
      if (tag.equals("li") && before.container.normalName().equals("li")) {
        return "\n";
      }
    }
    return "\n\n";
  }
}
