package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * A vocabulary of single characters (code points); all others are one unknown. Ids are {@value
 * #PAD} for padding, {@value #BEGIN} for the begin of an example, {@value #UNKNOWN}, then the
 * characters in the order given.
 */
public final class Characters implements Serializable {
  private static final long serialVersionUID = 1;

  /** Id of padding. */
  public static final int PAD = 0;

  /** Id of the begin of an example. */
  public static final int BEGIN = 1;

  /** Id of every character outside the vocabulary. */
  public static final int UNKNOWN = 2;

  /** Id of the first character. */
  public static final int FIRST = 3;

  private final int[] codePoints;
  private final Map<Integer, Integer> ids = new HashMap<>();

  /**
   * @param codePoints the characters, each once
   */
  public Characters(int[] codePoints) {
    this.codePoints = codePoints.clone();
    for (int at = 0; at < codePoints.length; at++) {
      ids.put(codePoints[at], FIRST + at);
    }
  }

  /** Number of ids. */
  public int vocabulary() {
    return FIRST + codePoints.length;
  }

  /** A copy of the characters in order of their ids. */
  public int[] codePoints() {
    return codePoints.clone();
  }

  /** Appends the tokens of a text without unpaired surrogates. */
  public void encode(String text, TokenBuffer out) {
    int end = 0;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      end += Utf8.length(codePoint);
      out.add(ids.getOrDefault(codePoint, UNKNOWN), end);
    }
  }

  /** The text of ids; U+FFFD for unknown, nothing for padding and begin. */
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder(tokens.length);
    for (int id : tokens) {
      if (id >= FIRST) {
        text.appendCodePoint(codePoints[id - FIRST]);
      } else if (id == UNKNOWN) {
        text.append('\uFFFD');
      }
    }
    return text.toString();
  }
}
