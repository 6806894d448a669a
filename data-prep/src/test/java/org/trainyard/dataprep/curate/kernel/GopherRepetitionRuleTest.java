package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Gopher's repetition rules")
class GopherRepetitionRuleTest {
  private static final String OFF =
      """
      {words: spaced, max-duplicate-paragraphs: 0, max-duplicate-paragraph-characters: 0,
       max-duplicate-lines: 0, max-duplicate-line-characters: 0, max-top-grams: [],
       max-duplicate-grams: []}""";

  /** What the rule finds with nothing but this limit on. */
  private static Finding only(String limit, String text) {
    return new GopherRepetitionRule(Limits.of(GopherRepetitionLimits.class, OFF, "{" + limit + "}"))
        .examine(text);
  }

  private static Finding standard(String text) {
    return new GopherRepetitionRule(Limits.of(GopherRepetitionLimits.class, "{}")).examine(text);
  }

  @Test
  void keepTextThatDoesNotRepeatItself() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("word").append(i).append(i % 20 == 19 ? ".\n\n" : " ");
    }
    assertThat(standard(text.toString()).keeps()).isTrue();
  }

  @Nested
  class OnParagraphs {
    @Test
    void countThoseThatCameBefore() {
      assertThat(standard("a\n\nb\n\n\na\n"))
          .isEqualTo(
              new Finding("gopher-duplicate-paragraphs", "0.333 of paragraphs, at most 0.3 asked"));
      assertThat(only("max-duplicate-paragraphs: 0.34", "a\n\nb\n\na").keeps()).isTrue();
    }

    @Test
    void countTheirCharactersInTheWholeText() {
      // 4 repeated characters of 22, blank lines counted.
      String text = "abcd\n\nabcd\n\nx\n\ny\n\nz\n\nw";
      assertThat(only("max-duplicate-paragraph-characters: 0.18", text))
          .isEqualTo(
              new Finding(
                  "gopher-duplicate-paragraph-characters",
                  "0.182 of characters, at most 0.18 asked"));
      assertThat(only("max-duplicate-paragraph-characters: 0.19", text).keeps()).isTrue();
    }
  }

  @Nested
  class OnLines {
    @Test
    void countThoseThatCameBefore() {
      assertThat(only("max-duplicate-lines: 0.3", "a\nb\n\na").detail())
          .isEqualTo("0.333 of lines, at most 0.3 asked");
      assertThat(only("max-duplicate-lines: 0.3", "a\nb\nc\na").keeps()).isTrue();
    }

    @Test
    void countTheNothingAtBothEndsAsDatatroveDoes() {
      assertThat(only("max-duplicate-lines: 0.3", "\nfoo\n").reason())
          .isEqualTo("gopher-duplicate-lines");
      assertThat(only("max-duplicate-line-characters: 0.01", "\nfoo\n").keeps()).isTrue();
    }

    @Test
    void countTheirCharacters() {
      assertThat(only("max-duplicate-line-characters: 0.4", "abcd\nabcd\n"))
          .isEqualTo(Finding.KEEP);
      assertThat(only("max-duplicate-line-characters: 0.39", "abcd\nabcd\n").detail())
          .isEqualTo("0.400 of characters, at most 0.39 asked");
    }
  }

  @Nested
  class OnTheMostFrequentRunOfWords {
    @Test
    void countTheCharactersOfAllItsOccurrences() {
      // "a b" twice, 3 characters each, of 11.
      assertThat(only("max-top-grams: [0.5]", "a b a b c d"))
          .isEqualTo(new Finding("gopher-top-2-gram", "0.545 of characters, at most 0.5 asked"));
      assertThat(only("max-top-grams: [0, 0.45]", "a b c a b c").detail())
          .isEqualTo("0.909 of characters, at most 0.45 asked");
    }

    @Test
    void takeTheFirstOfEquallyFrequentOnes() {
      assertThat(only("max-top-grams: [0.5]", "b c aa").keeps()).isTrue();
      assertThat(only("max-top-grams: [0.5]", "aa b c").detail()).startsWith("0.667");
    }

    @Test
    void needEnoughWords() {
      assertThat(only("max-top-grams: [0.01]", "alone").keeps()).isTrue();
    }
  }

  @Nested
  class OnRepeatedRunsOfWords {
    @Test
    void countTheCharactersOfRepetitionsWithoutSpaces() {
      assertThat(only("max-duplicate-grams: [0.26]", "a b c d e a b c d e"))
          .isEqualTo(
              new Finding("gopher-duplicate-5-gram", "0.263 of characters, at most 0.26 asked"));
      assertThat(only("max-duplicate-grams: [0.27]", "a b c d e a b c d e").keeps()).isTrue();
      assertThat(only("max-duplicate-grams: [0, 0.01]", "a b c d e a b c d e").keeps()).isTrue();
    }

    @Test
    void goOnBehindARepetition() {
      // Runs at 0, 1 and 6: 10 letters of 21 characters.
      assertThat(only("max-duplicate-grams: [0.4]", "a a a a a a a a a a a").detail())
          .startsWith("0.476");
    }

    @Test
    void compareThemJoinedByNothing() {
      assertThat(only("max-duplicate-grams: [0.28]", "ab c d e f a bc d e f").detail())
          .startsWith("0.286");
    }
  }

  @Test
  void keepNothingnessAndFindTheSameWhateverCameBefore() {
    GopherRepetitionRule rule =
        new GopherRepetitionRule(Limits.of(GopherRepetitionLimits.class, "{words: spaced}"));
    assertThat(rule.examine("")).isEqualTo(Finding.KEEP);
    Finding first = rule.examine("aa b c");
    rule.examine("x y z ".repeat(50_000));
    assertThat(rule.examine("aa b c")).isEqualTo(first);
  }
}
