package org.trainyard.dataprep.tokenize.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Byte-pair encoding as a textbook has it: count all pairs of all words anew for each merge. Slow;
 * the reference that {@link MergeLearner} and {@link MergeEncoder} are held against.
 */
public final class TextbookMerges {
  /** A merge by its two halves, bytes as Latin-1. */
  public record Merge(String left, String right) {}

  private TextbookMerges() {}

  /** What {@link MergeLearner#learn} must learn, words given as Latin-1. */
  public static List<Merge> learn(List<String> words, List<Long> counts, int most, long minCount) {
    List<List<String>> symbols = new ArrayList<>();
    words.forEach(word -> symbols.add(new ArrayList<>(Arrays.asList(word.split("")))));
    List<Merge> merges = new ArrayList<>();
    Set<String> known = new HashSet<>();
    Set<Merge> refused = new HashSet<>();
    while (merges.size() < most) {
      Map<Merge, Long> pairs = new HashMap<>();
      for (int word = 0; word < symbols.size(); word++) {
        List<String> one = symbols.get(word);
        for (int at = 1; at < one.size(); at++) {
          pairs.merge(new Merge(one.get(at - 1), one.get(at)), counts.get(word), Long::sum);
        }
      }
      pairs.keySet().removeAll(refused);
      Merge best = null;
      for (Merge pair : pairs.keySet()) {
        if (best == null || before(pair, best, pairs)) {
          best = pair;
        }
      }
      if (best == null || pairs.get(best) < minCount) {
        break;
      }
      if (!known.add(best.left + best.right)) {
        refused.add(best);
        continue;
      }
      merges.add(best);
      for (List<String> one : symbols) {
        apply(one, best);
      }
    }
    return merges;
  }

  private static boolean before(Merge a, Merge b, Map<Merge, Long> counts) {
    int order = Long.compare(counts.get(b), counts.get(a));
    if (order == 0) {
      order = a.left.compareTo(b.left);
    }
    return (order != 0 ? order : a.right.compareTo(b.right)) < 0;
  }

  private static void apply(List<String> symbols, Merge merge) {
    for (int at = 0; at + 1 < symbols.size(); at++) {
      if (symbols.get(at).equals(merge.left) && symbols.get(at + 1).equals(merge.right)) {
        symbols.set(at, merge.left + merge.right);
        symbols.remove(at + 1);
      }
    }
  }

  /** All merges, one after the other, over one word. */
  public static List<String> cut(String word, List<Merge> merges) {
    List<String> symbols = new ArrayList<>(Arrays.asList(word.split("")));
    merges.forEach(merge -> apply(symbols, merge));
    return symbols;
  }
}
