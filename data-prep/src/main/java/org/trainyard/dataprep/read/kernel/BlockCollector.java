package org.trainyard.dataprep.read.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/** Cuts a page into blocks, leaving out what is hidden or says itself that it is no content. */
final class BlockCollector implements NodeFilter {
  private static final Set<String> NO_CONTENT =
      Set.of(
          "head",
          "script",
          "style",
          "noscript",
          "template",
          "svg",
          "math",
          "canvas",
          "iframe",
          "object",
          "embed",
          "audio",
          "video",
          "map",
          "select",
          "button",
          "input",
          "textarea",
          "datalist",
          "nav",
          "footer",
          "aside",
          "dialog",
          "menu");
  private static final Set<String> NO_CONTENT_ROLES =
      Set.of(
          "navigation",
          "contentinfo",
          "complementary",
          "search",
          "dialog",
          "alertdialog",
          "menu",
          "menubar",
          "toolbar",
          "tablist");

  private final List<Block> blocks = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private Element container;
  private int linkWeight;
  private int links;
  private int preformatted;

  private BlockCollector(Element root) {
    container = root;
  }

  /** The blocks below an element, in order. */
  static List<Block> blocksOf(Element root) {
    BlockCollector collector = new BlockCollector(root);
    NodeTraversor.filter(collector, root);
    collector.endBlock();
    return collector.blocks;
  }

  /**
   * How much text it is: a character that is not white space counts 1, one of a script that writes
   * a word with one or two characters (Chinese, Japanese, Korean) counts 3.
   */
  static int weight(CharSequence text) {
    int weight = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit > ' ' && !Character.isWhitespace(unit) && !Character.isLowSurrogate(unit)) {
        weight += isDense(unit) ? 3 : 1;
      }
    }
    return weight;
  }

  private static boolean isDense(char unit) {
    return (unit >= 0x3040 && unit <= 0x9FFF) || (unit >= 0xAC00 && unit <= 0xD7A3);
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode words) {
      int before = text.length();
      append(words.getWholeText());
      if (links > 0) {
        linkWeight += weight(text.subSequence(before, text.length()));
      }
    } else if (node instanceof Element element) {
      if (isNoContent(element)) {
        return FilterResult.SKIP_ENTIRELY;
      }
      begin(element);
    }
    return FilterResult.CONTINUE;
  }

  private void begin(Element element) {
    String tag = element.normalName();
    if (tag.equals("br")) {
      breakLine();
    } else if (tag.equals("a") && element.hasAttr("href")) {
      links++;
    } else if (element.isBlock()) {
      endBlock();
      container = element;
      preformatted += tag.equals("pre") ? 1 : 0;
    }
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      String tag = element.normalName();
      if (tag.equals("a") && element.hasAttr("href")) {
        links--;
      } else if (element.isBlock() && !tag.equals("br")) {
        endBlock();
        container = element.parent() == null ? element : element.parent();
        preformatted -= tag.equals("pre") ? 1 : 0;
      }
    }
    return FilterResult.CONTINUE;
  }

  private static boolean isNoContent(Element element) {
    if (NO_CONTENT.contains(element.normalName()) || element.hasAttr("hidden")) {
      return true;
    }
    if (NO_CONTENT_ROLES.contains(element.attr("role").toLowerCase(Locale.ROOT))
        || element.attr("aria-hidden").equalsIgnoreCase("true")) {
      return true;
    }
    String style = element.attr("style");
    return !style.isEmpty()
        && style
            .toLowerCase(Locale.ROOT)
            .replace(" ", "")
            .matches("(?s).*(display:none|visibility:hidden).*");
  }

  private void append(String words) {
    if (preformatted > 0) {
      text.append(words);
      return;
    }
    for (int i = 0; i < words.length(); i++) {
      char unit = words.charAt(i);
      if (Character.isWhitespace(unit) || unit == 0xA0) {
        if (!text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
          text.append(' ');
        }
      } else if (unit != 0xAD && unit != 0x200B && unit != 0xFEFF) {
        text.append(unit);
      }
    }
  }

  /** One break is a new line, a second one a new block. */
  private void breakLine() {
    int end = text.length();
    if (end > 0 && text.charAt(end - 1) == ' ') {
      text.setLength(--end);
    }
    if (end > 0 && text.charAt(end - 1) == '\n') {
      endBlock();
    } else if (end > 0) {
      text.append('\n');
    }
  }

  private void endBlock() {
    String whole = preformatted > 0 ? text.toString().stripTrailing() : text.toString().strip();
    if (!whole.isBlank()) {
      int weight = weight(whole);
      double share = weight == 0 ? 0 : Math.min(1, (double) linkWeight / weight);
      blocks.add(new Block(container, whole, weight, share));
    }
    text.setLength(0);
    linkWeight = 0;
  }
}
