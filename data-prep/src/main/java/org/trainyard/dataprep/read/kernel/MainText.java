package org.trainyard.dataprep.read.kernel;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Extracts the main text of a page: its paragraphs, headings, items and cells without menus,
 * banners and link lists.
 *
 * <p>A block of much text and few links is prose. The smallest section that holds nearly all prose
 * of the page is the main region; what stands there from the first prose, with its heading, to the
 * last is kept, but for blocks that are mostly links. A page without longer paragraphs is judged by
 * shorter ones. Time is linear in the page times the depth of its elements.
 *
 * @see <a href="https://doi.org/10.1145/1718487.1718542">Kohlschütter et al. 2010, Boilerplate
 *     detection using shallow text features</a> (text length and link density)
 */
public final class MainText {
  /**
   * Least weights of prose, from strict to lax; the first under which prose is not the exception.
   */
  private static final int[] PROSE_WEIGHTS = {80, 30, 1};

  /** Prose must have this share of the text that is not links, or a laxer weight is tried. */
  private static final double PROSE_SHARE = 0.4;

  /** The main region holds at least this share of all prose. */
  private static final double REGION_SHARE = 0.85;

  /** How many blocks before the first prose may hold its heading. */
  private static final int HEADING_REACH = 3;

  private static final Set<String> SECTIONS =
      Set.of("div", "section", "article", "main", "td", "center", "form", "fieldset");
  private static final Set<String> PIECES =
      Set.of("p", "li", "dd", "dt", "td", "th", "blockquote", "pre", "figcaption");

  private MainText() {}

  /**
   * The main text.
   *
   * @return paragraphs parted by blank lines, items of a list by line feeds, cells of a row by
   *     tabs; empty if the page has no text
   */
  public static String of(Document page) {
    List<Block> blocks = BlockCollector.blocksOf(page.body());
    int proseWeight = proseWeight(blocks);
    Element region = mainRegion(page.body(), blocks, proseWeight);
    int first = -1;
    int last = -1;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).isProse(proseWeight) && stands(blocks.get(i), region)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      return "";
    }
    return join(blocks, startBefore(blocks, first, region), endAfter(blocks, last, region), region);
  }

  private static int proseWeight(List<Block> blocks) {
    for (int least : PROSE_WEIGHTS) {
      long text = 0;
      long prose = 0;
      for (Block block : blocks) {
        text += block.isLinks() ? 0 : block.weight();
        prose += block.isProse(least) ? block.weight() : 0;
      }
      if (prose > 0 && prose >= PROSE_SHARE * text) {
        return least;
      }
    }
    return 1;
  }

  /** The deepest section that holds nearly all prose, in more than one block. */
  private static Element mainRegion(Element body, List<Block> blocks, int proseWeight) {
    Map<Element, double[]> held = new IdentityHashMap<>();
    double all = 0;
    for (Block block : blocks) {
      if (block.isProse(proseWeight)) {
        double score = block.weight() * (1 - block.linkShare());
        all += score;
        for (Element e = block.container(); e != null; e = e.parent()) {
          double[] sums = held.computeIfAbsent(e, key -> new double[2]);
          sums[0] += score;
          sums[1]++;
        }
      }
    }
    Element region = body;
    int depth = 0;
    for (Map.Entry<Element, double[]> entry : held.entrySet()) {
      Element element = entry.getKey();
      double[] sums = entry.getValue();
      boolean holds = sums[0] >= REGION_SHARE * all && sums[1] >= 2;
      if (holds && SECTIONS.contains(element.normalName()) && depth(element) > depth) {
        region = element;
        depth = depth(element);
      }
    }
    return region;
  }

  private static int depth(Element element) {
    int depth = 0;
    for (Element e = element.parent(); e != null; e = e.parent()) {
      depth++;
    }
    return depth;
  }

  private static boolean stands(Block block, Element region) {
    for (Element e = block.container(); e != null; e = e.parent()) {
      if (e.equals(region)) {
        return true;
      }
    }
    return false;
  }

  /** Short first paragraphs belong to the text, and its heading, even one outside the region. */
  private static int startBefore(List<Block> blocks, int first, Element region) {
    int start = first;
    while (start > 0 && isPiece(blocks.get(start - 1), region)) {
      start--;
    }
    for (int i = start - 1; i >= Math.max(0, start - HEADING_REACH); i--) {
      if (blocks.get(i).isHeading() && !blocks.get(i).isLinks()) {
        return i;
      }
    }
    return start;
  }

  /** Short last paragraphs and items belong to the text. */
  private static int endAfter(List<Block> blocks, int last, Element region) {
    int end = last + 1;
    while (end < blocks.size()
        && isPiece(blocks.get(end), region)
        && !blocks.get(end).isHeading()) {
      end++;
    }
    return end;
  }

  private static boolean isPiece(Block block, Element region) {
    boolean text = PIECES.contains(block.container().normalName()) || block.isHeading();
    return text && !block.isLinks() && stands(block, region);
  }

  private static String join(List<Block> blocks, int start, int end, Element region) {
    StringBuilder text = new StringBuilder();
    Block before = null;
    for (Block block : blocks.subList(start, end)) {
      if (!block.isLinks() && (block.isHeading() || stands(block, region))) {
        text.append(before == null ? "" : block.gapAfter(before)).append(block.text());
        before = block;
      }
    }
    return text.toString();
  }
}
