package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("FineWeb's quality rules")
class FineWebQualityRuleTest {
  private static final String OFF =
      """
      {words: spaced, min-ended-lines: 0, max-short-lines: 0, max-duplicate-line-characters: 0,
       max-line-feeds-per-word: 0}""";

  /** What the rule finds with nothing but this limit on. */
  private static Finding only(String limit, String text) {
    return new FineWebQualityRule(Limits.of(FineWebQualityLimits.class, OFF, "{" + limit + "}"))
        .examine(text);
  }

  @Test
  void keepProseAndRejectNothingness() {
    String prose = "This is a line of text that ends as a sentence does.\nSo does this other one!";
    FineWebQualityRule rule = new FineWebQualityRule(Limits.of(FineWebQualityLimits.class, "{}"));
    assertThat(rule.examine(prose).keeps()).isTrue();
    assertThat(rule.examine(" \n\u3000\n").reason()).isEqualTo("fineweb-empty");
    assertThat(rule.examine("").reason()).isEqualTo("fineweb-empty");
  }

  @Nested
  class OnEndsOfLines {
    @Test
    void askThatSomeEndASentence() {
      assertThat(only("min-ended-lines: 0.12", "a.\n" + "b\n\n".repeat(7)).keeps()).isTrue();
      assertThat(only("min-ended-lines: 0.12", "a.\n" + "b\n\n".repeat(8)))
          .isEqualTo(new Finding("fineweb-few-ended-lines", "0.111 of lines, at least 0.12 asked"));
    }

    @Test
    void knowSentenceEndsOfManyScriptsAndNoSpaceBehindThem() {
      for (String end : new String[] {"!", "?", "。", "।", "؟", "።", "。", "។", "\uD805\uDE41"}) {
        assertThat(only("min-ended-lines: 1", "a" + end).keeps()).as(end).isTrue();
      }
      for (String end : new String[] {",", ". ", ".\r", "\"", "…"}) {
        assertThat(only("min-ended-lines: 1", "a" + end).keeps()).as(end).isFalse();
      }
    }

    @Test
    void mayLetTextsPassInWhichNoneDoes() {
      assertThat(only("min-ended-lines: 0.12, allow-no-ended-line: true", "a\nb").keeps()).isTrue();
    }
  }

  @Nested
  class OnLines {
    @Test
    void callThirtyCharactersShort() {
      String shortLine = "x".repeat(30) + "\n";
      String longLine = "y".repeat(31) + "\n";
      assertThat(only("max-short-lines: 0.66", shortLine + shortLine + longLine))
          .isEqualTo(new Finding("fineweb-short-lines", "0.667 of lines, at most 0.66 asked"));
      assertThat(only("max-short-lines: 0.67", shortLine + shortLine + longLine).keeps()).isTrue();
      assertThat(only("max-short-lines: 0.5", "😀".repeat(31)).keeps()).isTrue();
    }

    @Test
    void countCharactersOfRepeatedOnesButNoLineFeeds() {
      // 4 of 12 characters are in a line that came before; blank lines do not count.
      assertThat(only("max-duplicate-line-characters: 0.33", "abcd\n\n\nabcd\nefgh").detail())
          .isEqualTo("0.333 of characters, at most 0.33 asked");
      assertThat(only("max-duplicate-line-characters: 0.34", "abcd\nabcd\nefgh").keeps()).isTrue();
    }

    @Test
    void countLineFeedsForEachWord() {
      assertThat(only("max-line-feeds-per-word: 0.3", "a b c d e f g\nh\ni\nj").keeps()).isTrue();
      assertThat(only("max-line-feeds-per-word: 0.3", "a b c d e\nf\n\ng"))
          .isEqualTo(new Finding("fineweb-many-line-feeds", "0.429 a word, at most 0.3 asked"));
    }
  }
}
