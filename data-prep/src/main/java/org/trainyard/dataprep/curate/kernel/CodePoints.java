package org.trainyard.dataprep.curate.kernel;

import java.util.Arrays;

/**
 * A text as Unicode code points, in an array that is used again from text to text. Published limits
 * are counted in code points, not in UTF-16 units.
 */
final class CodePoints {
  /** Buffers above this length (16 MB) are let go once a shorter text comes. */
  private static final int KEPT = 1 << 22;

  private int[] values = new int[4096];
  private int length;

  /** Reads a text; what was read before is overwritten. */
  void read(String text) {
    int units = text.length();
    if (values.length < units || (values.length > KEPT && units <= KEPT)) {
      values = new int[Math.max(4096, units + (units >> 3))];
    }
    int count = 0;
    for (int i = 0; i < units; i++) {
      char unit = text.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < units
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        values[count++] = Character.toCodePoint(unit, text.charAt(++i));
      } else {
        values[count++] = unit;
      }
    }
    length = count;
  }

  /** Number of code points. */
  int length() {
    return length;
  }

  /** The code point at an index, 0 to {@link #length()} - 1. */
  int at(int index) {
    return values[index];
  }

  /** The first index from {@code from} on that is not white space; {@code to} if there is none. */
  int skipSpace(int from, int to) {
    int index = from;
    while (index < to && Letters.isSpace(values[index])) {
      index++;
    }
    return index;
  }

  /** The index after the last code point before {@code to} that is not white space. */
  int trimSpace(int from, int to) {
    int index = to;
    while (index > from && Letters.isSpace(values[index - 1])) {
      index--;
    }
    return index;
  }

  /** Whether the span ends with three full stops or an ellipsis sign. */
  boolean endsWithEllipsis(int from, int to) {
    if (to > from && values[to - 1] == 0x2026) {
      return true;
    }
    return to - from >= 3
        && values[to - 1] == '.'
        && values[to - 2] == '.'
        && values[to - 3] == '.';
  }

  /** Whether a span holds exactly these code points. */
  boolean matches(int from, int to, int[] word) {
    return Arrays.equals(values, from, to, word, 0, word.length);
  }
}
