package org.trainyard.dataprep.curate.kernel;

import java.util.Locale;

/**
 * The quality rules that FineWeb adds to Gopher's and C4's, as datatrove 0.10 applies them: the
 * first limit that a text breaks is the finding. Lines end at line feeds, blank lines do not count,
 * and a line is looked at with the white space around it.
 *
 * @see <a href="https://arxiv.org/abs/2406.17557">Penedo et al. 2024, The FineWeb Datasets</a>
 */
public final class FineWebQualityRule implements TextRule {
  private final FineWebQualityLimits limits;
  private final CodePoints text = new CodePoints();
  private final WordSpans words;
  private final Counts counts = new Counts();

  private int lineFeeds;
  private int lines;
  private int endedLines;
  private int shortLines;
  private long repeatedLetters;

  public FineWebQualityRule(FineWebQualityLimits limits) {
    this.limits = limits;
    this.words = new WordSpans(limits.words());
  }

  @Override
  public Finding examine(String document) {
    text.read(document);
    countLines();
    if (lines == 0) {
      return new Finding("fineweb-empty", "no line with text");
    }
    double ended = (double) endedLines / lines;
    if (ended < limits.minEndedLines() && !(endedLines == 0 && limits.allowNoEndedLine())) {
      return found(
          "fineweb-few-ended-lines", "%.3f of lines, at least %s", ended, limits.minEndedLines());
    }
    double brief = (double) shortLines / lines;
    if (limits.maxShortLines() > 0 && brief > limits.maxShortLines()) {
      return found(
          "fineweb-short-lines", "%.3f of lines, at most %s", brief, limits.maxShortLines());
    }
    double repeated = (double) repeatedLetters / (text.length() - lineFeeds);
    double mostRepeated = limits.maxDuplicateLineCharacters();
    if (mostRepeated > 0 && repeated > mostRepeated) {
      return found(
          "fineweb-duplicate-lines", "%.3f of characters, at most %s", repeated, mostRepeated);
    }
    words.find(text);
    double perWord = (double) lineFeeds / words.count();
    double mostPerWord = limits.maxLineFeedsPerWord();
    if (mostPerWord > 0 && perWord > mostPerWord) {
      return found("fineweb-many-line-feeds", "%.3f a word, at most %s", perWord, mostPerWord);
    }
    return Finding.KEEP;
  }

  private void countLines() {
    lineFeeds = 0;
    for (int i = 0; i < text.length(); i++) {
      lineFeeds += text.at(i) == '\n' ? 1 : 0;
    }
    counts.clear(lineFeeds + 1);
    lines = 0;
    endedLines = 0;
    shortLines = 0;
    repeatedLetters = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.at(i) == '\n') {
        countLine(start, i);
        start = i + 1;
      }
    }
  }

  private void countLine(int from, int to) {
    if (text.skipSpace(from, to) == to) {
      return;
    }
    lines++;
    endedLines += Letters.endsSentence(text.at(to - 1)) ? 1 : 0;
    shortLines += to - from <= limits.shortLineLength() ? 1 : 0;
    if (counts.add(SpanHash.of(text, from, to)) > 1) {
      repeatedLetters += to - from;
    }
  }

  private static Finding found(String reason, String detail, double value, double limit) {
    return new Finding(reason, String.format(Locale.ROOT, detail + " asked", value, limit));
  }
}
