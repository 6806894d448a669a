package org.trainyard.dataprep.tokenize.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * Learns WordPiece pieces from counted words, as Hugging Face's trainer does: the most frequent
 * characters are the alphabet, words with any other are left out, and again and again the most
 * frequent pair of neighbours becomes a piece. Ties go to the pair whose left, then right piece
 * comes first in UTF-16, so the result depends on nothing but the counts.
 *
 * <p>Each pair knows the words it stood in, so a merge touches only those.
 */
public final class WordPieceLearner {
  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Candidate candidate) -> -candidate.count)
              .thenComparing(candidate -> pieces.get(candidate.pair.left))
              .thenComparing(candidate -> pieces.get(candidate.pair.right)));

  private static final class Pair {
    final int left;
    final int right;
    final Set<Integer> words = new HashSet<>();
    long count;

    Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }
  }

  private record Candidate(Pair pair, long count) {}

  /**
   * @param words word, not empty, to how often it occurs
   * @param alphabet most characters (code points) to know
   */
  public WordPieceLearner(Map<String, Long> words, int alphabet) {
    Map<Integer, Long> characters = new TreeMap<>();
    words.forEach(
        (word, count) -> word.codePoints().forEach(one -> characters.merge(one, count, Long::sum)));
    Set<Integer> known = new HashSet<>();
    characters.entrySet().stream()
        .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
        .limit(alphabet)
        .forEach(entry -> known.add(entry.getKey()));
    Set<String> alone = new TreeSet<>();
    Map<String, Long> sorted = new TreeMap<>(words);
    sorted.keySet().removeIf(word -> !word.codePoints().allMatch(known::contains));
    sorted.keySet().forEach(word -> alone.addAll(symbols(word)));
    alone.forEach(this::piece);
    sorted.forEach(
        (word, count) -> {
          this.words.add(symbols(word).stream().mapToInt(this::piece).toArray());
          counts.add(count);
        });
    for (int word = 0; word < this.words.size(); word++) {
      count(word, counts.get(word));
    }
    pairs.values().forEach(pair -> queue.add(new Candidate(pair, pair.count)));
  }

  private static List<String> symbols(String word) {
    List<String> symbols = new ArrayList<>();
    word.codePoints()
        .forEach(
            one ->
                symbols.add(
                    (symbols.isEmpty() ? "" : WordPieces.INSIDE) + Character.toString(one)));
    return symbols;
  }

  private int piece(String text) {
    Integer id = ids.putIfAbsent(text, pieces.size());
    if (id == null) {
      pieces.add(text);
      return pieces.size() - 1;
    }
    return id;
  }

  private void count(int word, long change) {
    int[] symbols = words.get(word);
    for (int at = 1; at < symbols.length; at++) {
      int left = symbols[at - 1];
      int right = symbols[at];
      Pair pair = pairs.computeIfAbsent((long) left << 32 | right, key -> new Pair(left, right));
      pair.count += change;
      if (change > 0) {
        pair.words.add(word);
      }
    }
  }

  /**
   * Learns.
   *
   * @param most pieces at most, the alphabet among them (which is kept whole even if it is larger)
   * @param minCount pairs that occur less often make no piece, at least 1
   * @param progress is told the number of pieces so far
   * @return the pieces: the alphabet in order, then as learned
   */
  public List<String> learn(int most, long minCount, IntConsumer progress) {
    while (pieces.size() < most && !queue.isEmpty()) {
      Candidate best = queue.poll();
      Pair pair = best.pair;
      if (pair.count < minCount || pair.count > best.count) {
        continue;
      }
      if (pair.count < best.count) {
        queue.add(new Candidate(pair, pair.count));
        continue;
      }
      merge(pair);
      progress.accept(pieces.size());
    }
    return List.copyOf(pieces);
  }

  private void merge(Pair pair) {
    int id =
        piece(pieces.get(pair.left) + pieces.get(pair.right).substring(WordPieces.INSIDE.length()));
    Set<Pair> touched = new HashSet<>();
    for (int word : List.copyOf(pair.words)) {
      int[] before = words.get(word);
      int[] after = replace(before, pair.left, pair.right, id);
      if (after.length == before.length) {
        continue;
      }
      count(word, -counts.get(word));
      words.set(word, after);
      count(word, counts.get(word));
      for (int at = 1; at < after.length; at++) {
        if (after[at - 1] == id || after[at] == id) {
          touched.add(pairs.get((long) after[at - 1] << 32 | after[at]));
        }
      }
    }
    pair.words.clear();
    touched.forEach(made -> queue.add(new Candidate(made, made.count)));
  }

  private static int[] replace(int[] symbols, int left, int right, int id) {
    int[] merged = new int[symbols.length];
    int size = 0;
    for (int at = 0; at < symbols.length; at++) {
      boolean here = symbols[at] == left && at + 1 < symbols.length && symbols[at + 1] == right;
      merged[size++] = here ? id : symbols[at];
      at += here ? 1 : 0;
    }
    return Arrays.copyOf(merged, size);
  }
}
