package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Endless text with the word statistics of real text: words are drawn one by one, known ones as
 * often as they were counted, new ones from an endless list whose frequencies fall by a power law
 * (Zipf), so that the number of different words keeps growing as a power of the length (Heaps). A
 * new word is spelt by chance, each letter by the two before it, as in the known words; so it stays
 * within a script. A document is a function of seed and number alone.
 *
 * @see <a href="https://doi.org/10.3115/1117729.1117730">Powers 1998, Applications and Explanations
 *     of Zipf's Law</a>
 */
public final class TextGrowth implements Serializable {
  private static final long serialVersionUID = 1;

  /** Frequency of the new word number k is proportional to (k + OFFSET)^-EXPONENT. */
  private static final double EXPONENT = 1.3;

  private static final double OFFSET = 1_000;

  /** Code points of a new word at most. */
  private static final int LONGEST = 24;

  private static final int END = -1;
  private static final int PARAGRAPH_WORDS = 64;

  private final String[] words;
  private final double newShare;
  private final long seed;

  /** Walker's alias table: keep word i with this probability, or else take its alias. */
  private final double[] keep;

  private final int[] alias;

  /** The two letters before, sorted; {@code nexts} from {@code starts[c]} on may follow. */
  private final long[] contexts;

  private final int[] starts;
  private final int[] nexts;

  /** How often, summed up within a context. */
  private final long[] sums;

  /**
   * @param words known words, no white space in them, shape [w], w at least 1
   * @param counts how often each occurs, shape [w], at least 1
   * @param newShare share of all words drawn that are new ones, 0 to 1
   */
  public TextGrowth(List<String> words, long[] counts, double newShare, long seed) {
    this.words = words.toArray(String[]::new);
    this.newShare = newShare;
    this.seed = seed;
    keep = new double[counts.length];
    alias = new int[counts.length];
    fillAliases(counts);
    TreeMap<Long, TreeMap<Integer, Long>> followers = new TreeMap<>();
    for (String word : this.words) {
      int before = END;
      int last = END;
      for (int codePoint : word.codePoints().limit(LONGEST).toArray()) {
        followers
            .computeIfAbsent(context(before, last), key -> new TreeMap<>())
            .merge(codePoint, 1L, Long::sum);
        before = last;
        last = codePoint;
      }
      followers
          .computeIfAbsent(context(before, last), key -> new TreeMap<>())
          .merge(END, 1L, Long::sum);
    }
    contexts = followers.keySet().stream().mapToLong(Long::longValue).toArray();
    starts = new int[contexts.length + 1];
    List<Integer> next = new ArrayList<>();
    List<Long> sum = new ArrayList<>();
    int context = 0;
    for (TreeMap<Integer, Long> after : followers.values()) {
      long running = 0;
      for (var entry : after.entrySet()) {
        running += entry.getValue();
        next.add(entry.getKey());
        sum.add(running);
      }
      starts[++context] = next.size();
    }
    nexts = next.stream().mapToInt(Integer::intValue).toArray();
    sums = sum.stream().mapToLong(Long::longValue).toArray();
  }

  private static long context(int before, int last) {
    return (before + 1L) << 32 | last + 1L;
  }

  private void fillAliases(long[] counts) {
    double mean = Arrays.stream(counts).sum() / (double) counts.length;
    int[] order = new int[counts.length];
    int rare = 0;
    int frequent = counts.length;
    for (int word = 0; word < counts.length; word++) {
      keep[word] = counts[word] / mean;
      alias[word] = word;
      order[keep[word] < 1 ? rare++ : --frequent] = word;
    }
    for (int at = 0; at < frequent && frequent < order.length; at++) {
      int giver = order[frequent];
      alias[order[at]] = giver;
      keep[giver] -= 1 - keep[order[at]];
      if (keep[giver] < 1) {
        frequent++;
      }
    }
  }

  /**
   * Appends a document.
   *
   * @param number of the document, 0 or more
   * @param length UTF-16 units to reach; it ends with the word that does
   */
  public void document(long number, int length, StringBuilder out) {
    SplittableRandom random = new SplittableRandom(Permutation.mix(seed ^ Permutation.mix(number)));
    int end = out.length() + length;
    for (int word = 1; out.length() < end; word++) {
      if (random.nextDouble() < newShare) {
        newWord(
            (long) (OFFSET * (Math.pow(1 - random.nextDouble(), -1 / (EXPONENT - 1)) - 1)), out);
      } else {
        int drawn = random.nextInt(words.length);
        out.append(words[random.nextDouble() < keep[drawn] ? drawn : alias[drawn]]);
      }
      out.append(word % PARAGRAPH_WORDS == 0 ? '\n' : ' ');
    }
    out.setLength(out.length() - 1);
  }

  /** Appends the new word of a rank: always the same. */
  void newWord(long rank, StringBuilder out) {
    long bits = Permutation.mix(seed + 1 ^ Permutation.mix(rank));
    int before = END;
    int last = END;
    for (int left = LONGEST; left > 0; left--) {
      int context = Arrays.binarySearch(contexts, context(before, last));
      bits = Permutation.mix(bits + 0x9E3779B97F4A7C15L);
      long all = sums[starts[context + 1] - 1];
      int at =
          Arrays.binarySearch(
              sums,
              starts[context],
              starts[context + 1],
              (long) ((bits >>> 11) * 0x1p-53 * all) + 1);
      int next = nexts[at >= 0 ? at : -1 - at];
      if (next == END) {
        break;
      }
      out.appendCodePoint(next);
      before = last;
      last = next;
    }
  }
}
