package org.trainyard.dataprep.curate.kernel;

import java.util.BitSet;
import java.util.Locale;

/**
 * Gopher's quality rules, as datatrove 0.10 applies them: the first limit that a text breaks, in
 * the order of the paper, is the finding. Shares over no words or no lines are 0.
 *
 * @see <a href="https://arxiv.org/abs/2112.11446">Rae et al. 2021, Scaling Language Models</a>,
 *     A.1.1
 */
public final class GopherQualityRule implements TextRule {
  private final GopherQualityLimits limits;
  private final WordSet stopWords;
  private final CodePoints text = new CodePoints();
  private final WordSpans words;
  private final BitSet stopWordsSeen = new BitSet();

  private int realWords;
  private long realLetters;
  private int wordsWithLetter;
  private int lines;
  private int bulletLines;
  private int ellipsisLines;

  public GopherQualityRule(GopherQualityLimits limits) {
    this.limits = limits;
    this.stopWords = new WordSet(limits.stopWordList());
    this.words = new WordSpans(limits.words());
  }

  @Override
  public Finding examine(String document) {
    text.read(document);
    words.find(text);
    countWords();
    Finding finding = wordFinding();
    if (finding.keeps()) {
      countLines();
      finding = symbolFinding();
    }
    return finding;
  }

  private void countWords() {
    realWords = 0;
    realLetters = 0;
    wordsWithLetter = 0;
    stopWordsSeen.clear();
    for (int word = 0; word < words.count(); word++) {
      int start = words.start(word);
      int end = words.end(word);
      boolean letter = false;
      boolean real = false;
      for (int i = start; i < end && !(letter && real); i++) {
        int codePoint = text.at(i);
        letter = letter || Character.isLetter(codePoint);
        real = real || !Letters.isPunctuation(codePoint);
      }
      wordsWithLetter += letter ? 1 : 0;
      if (real) {
        realWords++;
        realLetters += end - start;
      }
      if (stopWordsSeen.cardinality() < limits.stopWords()) {
        int found = stopWords.find(text, start, end);
        if (found >= 0) {
          stopWordsSeen.set(found);
        }
      }
    }
  }

  private void countLines() {
    lines = 0;
    bulletLines = 0;
    ellipsisLines = 0;
    int length = text.length();
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (Letters.breaksLine(text.at(i))) {
        countLine(start, i);
        if (text.at(i) == '\r' && i + 1 < length && text.at(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    if (start < length) {
      countLine(start, length);
    }
  }

  private void countLine(int from, int to) {
    lines++;
    int first = text.skipSpace(from, to);
    if (first < to && (text.at(first) == 0x2022 || text.at(first) == '-')) {
      bulletLines++;
    }
    if (text.endsWithEllipsis(first, text.trimSpace(first, to))) {
      ellipsisLines++;
    }
  }

  private Finding wordFinding() {
    if (limits.minWords() > 0 && realWords < limits.minWords()) {
      return found("gopher-too-short", "%d words, at least %d asked", realWords, limits.minWords());
    }
    if (limits.maxWords() > 0 && realWords > limits.maxWords()) {
      return found("gopher-too-long", "%d words, at most %d asked", realWords, limits.maxWords());
    }
    double mean = ratio(realLetters, realWords);
    if (limits.minMeanWordLength() > 0 && realWords > 0 && mean < limits.minMeanWordLength()) {
      return found(
          "gopher-short-words",
          "mean length %.2f, at least %s asked",
          mean,
          limits.minMeanWordLength());
    }
    if (limits.maxMeanWordLength() > 0 && mean > limits.maxMeanWordLength()) {
      return found(
          "gopher-long-words",
          "mean length %.2f, at most %s asked",
          mean,
          limits.maxMeanWordLength());
    }
    return Finding.KEEP;
  }

  private Finding symbolFinding() {
    double most = limits.maxSymbolsPerWord();
    if (most > 0) {
      double hashes = ratio(count('#', 1), words.count());
      if (hashes > most) {
        return found("gopher-hashes", "%.3f # a word, at most %s asked", hashes, most);
      }
      double ellipses = ratio(count('.', 3) + count(0x2026, 1), words.count());
      if (ellipses > most) {
        return found("gopher-ellipses", "%.3f ellipses a word, at most %s asked", ellipses, most);
      }
    }
    double bullets = ratio(bulletLines, lines);
    if (limits.maxBulletLines() > 0 && bullets > limits.maxBulletLines()) {
      return found(
          "gopher-bullets", "%.3f of lines, at most %s asked", bullets, limits.maxBulletLines());
    }
    double trailing = ratio(ellipsisLines, lines);
    if (limits.maxEllipsisLines() > 0 && trailing > limits.maxEllipsisLines()) {
      return found(
          "gopher-ellipsis-lines",
          "%.3f of lines, at most %s asked",
          trailing,
          limits.maxEllipsisLines());
    }
    double lettered = ratio(wordsWithLetter, words.count());
    if (lettered < limits.minWordsWithLetter()) {
      return found(
          "gopher-few-letters",
          "%.3f of words hold a letter, at least %s asked",
          lettered,
          limits.minWordsWithLetter());
    }
    if (stopWordsSeen.cardinality() < limits.stopWords()) {
      return found(
          "gopher-few-stop-words",
          "%d different stop words, at least %d asked",
          stopWordsSeen.cardinality(),
          limits.stopWords());
    }
    return Finding.KEEP;
  }

  /** How often a run of {@code times} equal signs is there; runs do not overlap. */
  private int count(int sign, int times) {
    int count = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.at(i) == sign ? run + 1 : 0;
      if (run == times) {
        count++;
        run = 0;
      }
    }
    return count;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static Finding found(String reason, String detail, Object... values) {
    return new Finding(reason, String.format(Locale.ROOT, detail, values));
  }
}
