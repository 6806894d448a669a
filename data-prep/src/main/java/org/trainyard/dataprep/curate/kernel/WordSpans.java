package org.trainyard.dataprep.curate.kernel;

import java.util.Arrays;

/** The words of a text as spans of its code points; its arrays are used again from text to text. */
final class WordSpans {
  private final Words rule;
  private int[] starts = new int[1024];
  private int[] ends = new int[1024];
  private int count;

  WordSpans(Words rule) {
    this.rule = rule;
  }

  /** Finds the words of a text; what was found before is overwritten. */
  void find(CodePoints text) {
    count = 0;
    int length = text.length();
    int index = 0;
    while (true) {
      int from = text.skipSpace(index, length);
      if (from == length) {
        return;
      }
      int to = from + 1;
      while (to < length && !Letters.isSpace(text.at(to))) {
        to++;
      }
      if (rule == Words.SPACED) {
        add(from, to);
      } else {
        addApart(text, from, to);
      }
      index = to;
    }
  }

  private void addApart(CodePoints text, int from, int to) {
    int first = from;
    while (first < to && Letters.isPunctuation(text.at(first))) {
      first++;
    }
    int last = to;
    while (last > first && Letters.isPunctuation(text.at(last - 1))) {
      last--;
    }
    addRuns(text, from, first);
    if (last > first) {
      add(first, last);
    }
    addRuns(text, last, to);
  }

  private void addRuns(CodePoints text, int from, int to) {
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || text.at(i) != text.at(start)) {
        add(start, i);
        start = i;
      }
    }
  }

  private void add(int from, int to) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    starts[count] = from;
    ends[count++] = to;
  }

  /** Number of words. */
  int count() {
    return count;
  }

  /** Index of a word's first code point. */
  int start(int word) {
    return starts[word];
  }

  /** Index after a word's last code point. */
  int end(int word) {
    return ends[word];
  }
}
