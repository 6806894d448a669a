package org.trainyard.dataprep.tokenize.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Learns byte-pair merges from counted words: again and again the most frequent pair of neighbours
 * becomes a token. Ties go to the pair whose first half, then second half, comes first as unsigned
 * bytes, so the result depends on nothing but the counts. A pair whose bytes are a token already is
 * never merged, so that every token is made in one way and replaying the merges cuts words as
 * learning did.
 *
 * <p>A pair that holds a token can only come up when that token is made: its list of words is
 * written once, and its count only falls after. So each merge touches the words on one list, and
 * what waits in the heap has at most the count that it was put in with. Pairs that come up with
 * less than the least count are not kept.
 *
 * <p>Memory, all of it flat arrays: 4 bytes a symbol, 4 a symbol for the first lists and 8 a symbol
 * merged away for later ones (16 a byte of all words at the very most), 20 a word, and some 60 a
 * pair kept. A million words of 9 bytes with 32,000 merges take about 300 MB.
 *
 * @see <a href="https://arxiv.org/abs/2101.09469">Wei et al. 2021, Training Multilingual
 *     Pre-trained Language Model with Byte-level Subwords</a>
 */
public final class MergeLearner {
  private final WordList words;

  /** Symbols of all words; a word's stand from its first byte's place on, and become fewer. */
  private final int[] symbols;

  private final int[] lengths;
  private final List<byte[]> tokens = new ArrayList<>();
  private final Set<ByteBuffer> known = new HashSet<>();

  private final PairIndex pairs = new PairIndex();
  private final PairHeap heap = new PairHeap(this::compare);
  private long[] counts = new long[1 << 12];
  private int[] listStarts = new int[1 << 12];
  private int[] lists = new int[1 << 12];
  private int listsSize;

  private final Fresh fresh = new Fresh();

  /** Pairs that come up while one token is made, and where. */
  private static final class Fresh {
    final PairIndex pairs = new PairIndex();
    long[] counts = new long[1 << 6];
    int[] places = new int[1 << 6];
    private int[] lastWords = new int[1 << 6];
    int[] foundPairs = new int[1 << 10];
    int[] foundWords = new int[1 << 10];
    int found;

    void count(int left, int right, long change, int word) {
      int pair = pairs.add(left, right);
      if (pair == counts.length) {
        counts = Arrays.copyOf(counts, pair * 2);
        places = Arrays.copyOf(places, pair * 2);
        lastWords = Arrays.copyOf(lastWords, pair * 2);
      }
      if (places[pair] == 0) {
        lastWords[pair] = -1;
      }
      counts[pair] += change;
      if (lastWords[pair] != word) {
        lastWords[pair] = word;
        places[pair]++;
        if (found == foundPairs.length) {
          foundPairs = Arrays.copyOf(foundPairs, found * 2);
          foundWords = Arrays.copyOf(foundWords, found * 2);
        }
        foundPairs[found] = pair;
        foundWords[found++] = word;
      }
    }

    void clear() {
      Arrays.fill(counts, 0, pairs.size(), 0);
      Arrays.fill(places, 0, pairs.size(), 0);
      pairs.clear();
      found = 0;
    }
  }

  /**
   * @param words different byte strings with how often each occurs, at least 1
   */
  public MergeLearner(WordList words) {
    this.words = words;
    symbols = new int[words.bytes()];
    for (int at = 0; at < symbols.length; at++) {
      symbols[at] = Merges.FIRST_BYTE + (words.pool()[at] & 0xFF);
    }
    lengths = new int[words.size()];
    for (int word = 0; word < lengths.length; word++) {
      lengths[word] = words.start(word + 1) - words.start(word);
    }
    for (int id = 0; id < Merges.FIRST_MERGE; id++) {
      tokens.add(
          id < Merges.FIRST_BYTE ? new byte[0] : new byte[] {(byte) (id - Merges.FIRST_BYTE)});
    }
  }

  private int compare(int a, int b) {
    int order = Arrays.compareUnsigned(tokens.get(pairs.left(a)), tokens.get(pairs.left(b)));
    return order != 0
        ? order
        : Arrays.compareUnsigned(tokens.get(pairs.right(a)), tokens.get(pairs.right(b)));
  }

  /**
   * Learns; to be called once.
   *
   * @param most merges to learn at most
   * @param minCount pairs that occur less often are not merged, at least 1
   * @param progress is told the number of merges learnt so far
   */
  public Merges learn(int most, long minCount, IntConsumer progress) {
    for (int word = 0; word < lengths.length; word++) {
      int start = words.start(word);
      for (int at = start + 1; at < start + lengths[word]; at++) {
        fresh.count(symbols[at - 1], symbols[at], words.count(word), word);
      }
    }
    keepFresh(minCount);
    int[] left = new int[Math.min(most, 1 << 10)];
    int[] right = new int[left.length];
    int merges = 0;
    while (merges < most && !heap.isEmpty()) {
      int pair = heap.pair();
      long count = counts[pair];
      if (count < heap.count() && count >= minCount) {
        heap.recount(count);
        continue;
      }
      heap.remove();
      if (count < minCount) {
        continue;
      }
      byte[] joined =
          Merges.concatenate(tokens.get(pairs.left(pair)), tokens.get(pairs.right(pair)));
      if (known.add(ByteBuffer.wrap(joined))) {
        if (merges == left.length) {
          left = Arrays.copyOf(left, merges * 2);
          right = Arrays.copyOf(right, merges * 2);
        }
        left[merges] = pairs.left(pair);
        right[merges++] = pairs.right(pair);
        tokens.add(joined);
        merge(pair, tokens.size() - 1);
        keepFresh(minCount);
        progress.accept(merges);
      }
    }
    return new Merges(Arrays.copyOf(left, merges), Arrays.copyOf(right, merges));
  }

  private void merge(int pair, int id) {
    int left = pairs.left(pair);
    int right = pairs.right(pair);
    for (int at = listStarts[pair]; at < listStarts[pair + 1]; at++) {
      int word = lists[at];
      int start = words.start(word);
      int end = start + lengths[word];
      long count = words.count(word);
      int to = start;
      for (int from = start; from < end; to++) {
        if (symbols[from] != left || from + 1 == end || symbols[from + 1] != right) {
          symbols[to] = symbols[from++];
          continue;
        }
        if (to > start) {
          change(symbols[to - 1], left, -count, id, word);
          fresh.count(symbols[to - 1], id, count, word);
        }
        if (from + 2 < end) {
          change(right, symbols[from + 2], -count, id, word);
          fresh.count(id, symbols[from + 2], count, word);
        }
        symbols[to] = id;
        from += 2;
      }
      lengths[word] = to - start;
    }
    counts[pair] = 0;
  }

  private void change(int left, int right, long change, int id, int word) {
    if (left == id) {
      fresh.count(left, right, change, word);
      return;
    }
    int pair = pairs.find(left, right);
    if (pair != PairIndex.NONE) {
      counts[pair] += change;
    }
  }

  /** Makes pairs of the fresh ones that are frequent enough, each with the list of its words. */
  private void keepFresh(long minCount) {
    int[] next = fresh.places;
    for (int one = 0; one < fresh.pairs.size(); one++) {
      int places = next[one];
      next[one] = -1;
      if (fresh.counts[one] < minCount) {
        continue;
      }
      int pair = pairs.add(fresh.pairs.left(one), fresh.pairs.right(one));
      if (pair + 1 == counts.length) {
        counts = Arrays.copyOf(counts, counts.length * 2);
        listStarts = Arrays.copyOf(listStarts, listStarts.length * 2);
      }
      counts[pair] = fresh.counts[one];
      next[one] = listsSize;
      listsSize = Math.addExact(listsSize, places);
      listStarts[pair + 1] = listsSize;
    }
    if (listsSize > lists.length) {
      lists = Arrays.copyOf(lists, Math.max(listsSize, lists.length + (lists.length >> 1)));
    }
    for (int at = 0; at < fresh.found; at++) {
      int one = fresh.foundPairs[at];
      if (next[one] >= 0) {
        lists[next[one]++] = fresh.foundWords[at];
      }
    }
    for (int one = 0; one < fresh.pairs.size(); one++) {
      if (fresh.counts[one] >= minCount) {
        heap.add(pairs.find(fresh.pairs.left(one), fresh.pairs.right(one)), fresh.counts[one]);
      }
    }
    fresh.clear();
  }
}
