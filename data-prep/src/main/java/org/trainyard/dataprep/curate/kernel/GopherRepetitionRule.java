package org.trainyard.dataprep.curate.kernel;

import java.util.Arrays;
import java.util.Locale;

/**
 * Gopher's repetition rules, as datatrove 0.10 applies them: the first limit that a text breaks is
 * the finding; paragraphs come before lines, lines before runs of words. Every share of characters
 * is a share of the whole text, white space included.
 *
 * <p>A run of words is compared by a 61-bit hash ({@link SpanHash}). In a text of a million words a
 * false match has a probability of about 1e-5. Time is linear in the text for each length of run.
 *
 * @see <a href="https://arxiv.org/abs/2112.11446">Rae et al. 2021, Scaling Language Models</a>,
 *     Table A1
 */
public final class GopherRepetitionRule implements TextRule {
  private final GopherRepetitionLimits limits;
  private final CodePoints text = new CodePoints();
  private final WordSpans words;
  private final SpanHash hashes = new SpanHash();
  private final Counts counts = new Counts();

  /** Letters before each word, and hashes of the words before it: joined by nothing, by a space. */
  private int[] letters = new int[1024];

  private long[] joined = new long[1024];
  private long[] spaced = new long[1024];

  private int pieces;
  private int repeatedPieces;
  private long repeatedLetters;

  public GopherRepetitionRule(GopherRepetitionLimits limits) {
    this.limits = limits;
    this.words = new WordSpans(limits.words());
  }

  @Override
  public Finding examine(String document) {
    text.read(document);
    int length = text.length();
    int first = text.skipSpace(0, length);
    countPieces(first, text.trimSpace(first, length), 2);
    Finding finding =
        pieceFinding(
            "paragraph", limits.maxDuplicateParagraphs(), limits.maxDuplicateParagraphCharacters());
    if (finding.keeps()) {
      countPieces(0, length, 1);
      finding =
          pieceFinding("line", limits.maxDuplicateLines(), limits.maxDuplicateLineCharacters());
    }
    return finding.keeps() ? gramFinding() : finding;
  }

  /** Counts the pieces between runs of at least so many line feeds, and those that came before. */
  private void countPieces(int from, int to, int lineFeeds) {
    pieces = 0;
    repeatedPieces = 0;
    repeatedLetters = 0;
    counts.clear(count('\n', from, to) + 1);
    int start = from;
    int index = from;
    while (index < to) {
      int run = index;
      while (run < to && text.at(run) == '\n') {
        run++;
      }
      if (run - index >= lineFeeds) {
        countPiece(start, index);
        start = run;
      }
      index = Math.max(run, index + 1);
    }
    countPiece(start, to);
  }

  private void countPiece(int from, int to) {
    pieces++;
    if (counts.add(SpanHash.of(text, from, to)) > 1) {
      repeatedPieces++;
      repeatedLetters += to - from;
    }
  }

  private Finding pieceFinding(String piece, double mostPieces, double mostLetters) {
    double share = (double) repeatedPieces / pieces;
    if (mostPieces > 0 && share > mostPieces) {
      return found("gopher-duplicate-" + piece + "s", share, piece + "s", mostPieces);
    }
    double letterShare = share(repeatedLetters);
    if (mostLetters > 0 && letterShare > mostLetters) {
      return found(
          "gopher-duplicate-" + piece + "-characters", letterShare, "characters", mostLetters);
    }
    return Finding.KEEP;
  }

  private Finding gramFinding() {
    words.find(text);
    hashPrefixes();
    for (int i = 0; i < limits.maxTopGrams().size(); i++) {
      int size = GopherRepetitionLimits.FIRST_TOP_GRAM + i;
      double most = limits.maxTopGrams().get(i);
      double share = most > 0 ? share(topLetters(size)) : 0;
      if (share > most) {
        return found("gopher-top-" + size + "-gram", share, "characters", most);
      }
    }
    for (int i = 0; i < limits.maxDuplicateGrams().size(); i++) {
      int size = GopherRepetitionLimits.FIRST_DUPLICATE_GRAM + i;
      double most = limits.maxDuplicateGrams().get(i);
      double share = most > 0 ? share(duplicateLetters(size)) : 0;
      if (share > most) {
        return found("gopher-duplicate-" + size + "-gram", share, "characters", most);
      }
    }
    return Finding.KEEP;
  }

  private void hashPrefixes() {
    int count = words.count();
    if (letters.length <= count) {
      letters = new int[count + (count >> 1) + 1];
      joined = Arrays.copyOf(joined, letters.length);
      spaced = Arrays.copyOf(spaced, letters.length);
    }
    for (int word = 0; word < count; word++) {
      long tight = joined[word];
      long wide = spaced[word];
      for (int i = words.start(word); i < words.end(word); i++) {
        tight = SpanHash.append(tight, text.at(i));
        wide = SpanHash.append(wide, text.at(i));
      }
      joined[word + 1] = tight;
      spaced[word + 1] = SpanHash.append(wide, ' ');
      letters[word + 1] = letters[word] + words.end(word) - words.start(word);
    }
  }

  /** Letters in all occurrences of the most frequent run; the first of equally frequent ones. */
  private long topLetters(int size) {
    int runs = words.count() - size + 1;
    if (runs <= 0) {
      return 0;
    }
    counts.clear(runs);
    int most = 0;
    for (int word = 0; word < runs; word++) {
      most = Math.max(most, counts.add(spacedRun(word, size)));
    }
    int word = 0;
    while (counts.count(spacedRun(word, size)) < most) {
      word++;
    }
    return (long) most * (letters[word + size] - letters[word] + size - 1);
  }

  private long spacedRun(int word, int size) {
    int length = letters[word + size] - letters[word] + size;
    return hashes.between(spaced[word + size], spaced[word], length);
  }

  /** Letters in runs that came before; after one the search goes on behind it. */
  private long duplicateLetters(int size) {
    int runs = words.count() - size + 1;
    if (runs <= 0) {
      return 0;
    }
    counts.clear(runs);
    long repeated = 0;
    int word = 0;
    while (word < runs) {
      int length = letters[word + size] - letters[word];
      if (counts.add(hashes.between(joined[word + size], joined[word], length)) > 1) {
        repeated += length;
        word += size;
      } else {
        word++;
      }
    }
    return repeated;
  }

  private int count(int sign, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += text.at(i) == sign ? 1 : 0;
    }
    return count;
  }

  private double share(long some) {
    return text.length() == 0 ? 0 : (double) some / text.length();
  }

  private static Finding found(String reason, double share, String of, double most) {
    return new Finding(
        reason, String.format(Locale.ROOT, "%.3f of %s, at most %s asked", share, of, most));
  }
}
