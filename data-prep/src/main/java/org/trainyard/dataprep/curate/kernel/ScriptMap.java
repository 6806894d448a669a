package org.trainyard.dataprep.curate.kernel;

import java.io.Serializable;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Replaces letters by those of another script, from a table; what is not in the table stays. Where
 * several entries fit, the longest does. Not invertible if two letters become one.
 *
 * @see <a href="https://arxiv.org/abs/2402.16065">Rom and Bar 2024, Training a Bilingual Language
 *     Model by Mapping Tokens onto a Shared Character Space</a>
 */
public final class ScriptMap implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String HEBREW = "\u05DB\u05DE\u05E0\u05E4\u05E6";
  private static final String HEBREW_FINAL = "\u05DA\u05DD\u05DF\u05E3\u05E5";

  private final Map<String, String> table;
  private final boolean finalForms;
  private final BitSet firsts = new BitSet();
  private int longest;

  /**
   * @param table what is replaced, not empty, to what by
   * @param finalForms whether a Hebrew letter that ends a word it was put into takes its final form
   */
  public ScriptMap(Map<String, String> table, boolean finalForms) {
    this.table = new HashMap<>(table);
    this.finalForms = finalForms;
    for (String from : table.keySet()) {
      if (from.isEmpty()) {
        throw new IllegalArgumentException("A table cannot replace the empty text");
      }
      firsts.set(from.charAt(0));
      longest = Math.max(longest, from.length());
    }
  }

  /** The text with its letters replaced. */
  public String map(String text) {
    StringBuilder mapped = null;
    for (int at = 0; at < text.length(); ) {
      String replacement = null;
      int to = at + 1;
      if (firsts.get(text.charAt(at))) {
        for (to = Math.min(at + longest, text.length()); to > at; to--) {
          replacement = table.get(text.substring(at, to));
          if (replacement != null) {
            break;
          }
        }
        to = Math.max(to, at + 1);
      }
      if (replacement != null && mapped == null) {
        mapped = new StringBuilder(text.length()).append(text, 0, at);
      }
      if (replacement != null) {
        mapped.append(finalForms && endsWord(text, to) ? finalForm(replacement) : replacement);
      } else if (mapped != null) {
        mapped.append(text.charAt(at));
      }
      at = to;
    }
    return mapped == null ? text : mapped.toString();
  }

  private static boolean endsWord(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      if (Character.getType(codePoint) != Character.NON_SPACING_MARK) {
        return !Character.isLetter(codePoint);
      }
      at += Character.charCount(codePoint);
    }
    return true;
  }

  private static String finalForm(String replacement) {
    int last = replacement.length() - 1;
    int letter = last < 0 ? -1 : HEBREW.indexOf(replacement.charAt(last));
    return letter < 0 ? replacement : replacement.substring(0, last) + HEBREW_FINAL.charAt(letter);
  }
}
