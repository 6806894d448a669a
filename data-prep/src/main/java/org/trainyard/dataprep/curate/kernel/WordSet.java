package org.trainyard.dataprep.curate.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** A small set of words, looked up by span so that no string is made for a word of a text. */
final class WordSet {
  private final List<int[]> words = new ArrayList<>();
  private final int[] slots;

  WordSet(Iterable<String> from) {
    LinkedHashSet<String> distinct = new LinkedHashSet<>();
    from.forEach(distinct::add);
    distinct.forEach(word -> words.add(word.codePoints().toArray()));
    slots = new int[Integer.highestOneBit(Math.max(4, 4 * words.size()))];
    for (int i = 0; i < words.size(); i++) {
      int[] word = words.get(i);
      int slot = hash(word, 0, word.length) & (slots.length - 1);
      while (slots[slot] != 0) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = i + 1;
    }
  }

  /** Number of words. */
  int size() {
    return words.size();
  }

  /** Which word a span of a text is, 0 to {@link #size()} - 1; -1 if none. */
  int find(CodePoints text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.at(i);
    }
    int slot = mix(hash) & (slots.length - 1);
    while (slots[slot] != 0) {
      if (text.matches(from, to, words.get(slots[slot] - 1))) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1;
  }

  private static int hash(int[] values, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + values[i];
    }
    return mix(hash);
  }

  private static int mix(int hash) {
    return hash ^ (hash >>> 15) ^ (hash >>> 7);
  }
}
