package org.trainyard.dataprep.tokenize.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Learns byte-pair merges from counted words: again and again the most frequent pair of neighbours
 * becomes a token. Ties go to the pair whose first half, then second half, comes first as unsigned
 * bytes, so the result depends on nothing but the counts. A pair whose bytes are a token already is
 * never merged, so that every token is made in one way and replaying the merges cuts words as
 * learning did.
 *
 * <p>Each pair knows the words it stood in, so a merge touches only those: cost is about the number
 * of (merge, word) meetings, not merges × words. Memory: some 16 bytes per symbol of all words.
 *
 * @see <a href="https://arxiv.org/abs/2101.09469">Wei et al. 2021, Training Multilingual
 *     Pre-trained Language Model with Byte-level Subwords</a>
 */
public final class MergeLearner {
  private final int[][] words;
  private final long[] counts;
  private final List<byte[]> bytes = new ArrayList<>();
  private final Set<Key> known = new HashSet<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          (a, b) -> a.count != b.count ? Long.compare(b.count, a.count) : compare(a.pair, b.pair));

  /** A pair of neighbours: how often, and in which words at least once since it came up. */
  private static final class Pair {
    final int left;
    final int right;
    long count;
    int[] words = new int[2];
    int size;

    Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }

    void in(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, size * 2);
      }
      words[size++] = word;
    }
  }

  /** What a pair's count was when it was queued; never less than it is now. */
  private record Candidate(Pair pair, long count) {}

  private record Key(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /**
   * @param words different byte strings, shape [w]
   * @param counts how often each occurs, shape [w], at least 1
   */
  public MergeLearner(byte[][] words, long[] counts) {
    this.counts = counts.clone();
    this.words = new int[words.length][];
    for (int id = 0; id < Merges.FIRST_MERGE; id++) {
      bytes.add(
          id < Merges.FIRST_BYTE ? new byte[0] : new byte[] {(byte) (id - Merges.FIRST_BYTE)});
    }
    for (int word = 0; word < words.length; word++) {
      int[] symbols = new int[words[word].length];
      for (int at = 0; at < symbols.length; at++) {
        symbols[at] = Merges.FIRST_BYTE + (words[word][at] & 0xFF);
      }
      this.words[word] = symbols;
      for (int at = 1; at < symbols.length; at++) {
        Pair pair = pair(symbols[at - 1], symbols[at]);
        pair.count += counts[word];
        pair.in(word);
      }
    }
    pairs.values().forEach(pair -> queue.add(new Candidate(pair, pair.count)));
  }

  private Pair pair(int left, int right) {
    return pairs.computeIfAbsent((long) left << 32 | right, key -> new Pair(left, right));
  }

  private int compare(Pair a, Pair b) {
    int order = Arrays.compareUnsigned(bytes.get(a.left), bytes.get(b.left));
    return order != 0 ? order : Arrays.compareUnsigned(bytes.get(a.right), bytes.get(b.right));
  }

  /**
   * Learns.
   *
   * @param most merges to learn at most
   * @param minCount pairs that occur less often are not merged, at least 1
   * @param progress is told the number of merges learnt so far
   */
  public Merges learn(int most, long minCount, IntConsumer progress) {
    List<Pair> merges = new ArrayList<>();
    while (merges.size() < most && !queue.isEmpty()) {
      Candidate best = queue.poll();
      Pair pair = best.pair;
      if (pair.count < minCount) {
        continue;
      }
      if (pair.count < best.count) {
        queue.add(new Candidate(pair, pair.count));
        continue;
      }
      byte[] joined = Merges.concatenate(bytes.get(pair.left), bytes.get(pair.right));
      if (known.add(new Key(joined))) {
        bytes.add(joined);
        merges.add(pair);
        merge(pair, bytes.size() - 1);
        progress.accept(merges.size());
      }
    }
    return new Merges(
        merges.stream().mapToInt(pair -> pair.left).toArray(),
        merges.stream().mapToInt(pair -> pair.right).toArray());
  }

  private void merge(Pair pair, int id) {
    Map<Long, Pair> fresh = new HashMap<>();
    for (int at = 0; at < pair.size; at++) {
      int word = pair.words[at];
      int[] before = words[word];
      int[] after = replace(before, pair.left, pair.right, id);
      if (after.length == before.length) {
        continue;
      }
      words[word] = after;
      count(before, -counts[word]);
      count(after, counts[word]);
      for (int i = 1; i < after.length; i++) {
        if (after[i - 1] == id || after[i] == id) {
          long key = (long) after[i - 1] << 32 | after[i];
          Pair made = pairs.get(key);
          made.in(word);
          fresh.put(key, made);
        }
      }
    }
    pair.words = new int[0];
    pair.size = 0;
    fresh.values().stream()
        .filter(made -> made.count > 0)
        .forEach(made -> queue.add(new Candidate(made, made.count)));
  }

  private void count(int[] symbols, long change) {
    for (int at = 1; at < symbols.length; at++) {
      pair(symbols[at - 1], symbols[at]).count += change;
    }
  }

  /** Replaces a pair by its token, from left to right; the same array if it does not occur. */
  private static int[] replace(int[] symbols, int left, int right, int id) {
    int[] merged = null;
    int size = 0;
    for (int at = 0; at < symbols.length; at++) {
      boolean here = symbols[at] == left && at + 1 < symbols.length && symbols[at + 1] == right;
      if (here && merged == null) {
        merged = symbols.clone();
      }
      if (merged != null) {
        merged[size] = here ? id : symbols[at];
      }
      size++;
      at += here ? 1 : 0;
    }
    return merged == null ? symbols : Arrays.copyOf(merged, size);
  }
}
