package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;

@DisplayName("Gopher's quality rules")
class GopherQualityRuleTest {
  private static final String OFF =
      """
      {words: spaced, min-words: 0, max-words: 0, min-mean-word-length: 0,
       max-mean-word-length: 0, max-symbols-per-word: 0, max-bullet-lines: 0,
       max-ellipsis-lines: 0, min-words-with-letter: 0, stop-words: 0}""";

  /** What the rule finds with nothing but this limit on. */
  private static Finding only(String limit, String text) {
    return new GopherQualityRule(Limits.of(GopherQualityLimits.class, OFF, "{" + limit + "}"))
        .examine(text);
  }

  private static Finding standard(String text) {
    return new GopherQualityRule(Limits.of(GopherQualityLimits.class, "{}")).examine(text);
  }

  @Test
  void keepProse() {
    assertThat(
            standard("These words have more letters than that other line of prose. ".repeat(5))
                .keeps())
        .isTrue();
  }

  @Test
  void sayWhatWasFoundAndAsked() {
    assertThat(standard("one two three"))
        .isEqualTo(new Finding("gopher-too-short", "3 words, at least 50 asked"));
  }

  @Nested
  class OnWords {
    @Test
    void countNoneThatIsAllPunctuation() {
      assertThat(only("min-words: 4", "one - two ... three").reason())
          .isEqualTo("gopher-too-short");
      assertThat(only("min-words: 3", "one - two ... three").keeps()).isTrue();
    }

    @Test
    void haveAnUpperLimit() {
      assertThat(only("max-words: 2", "one two three"))
          .isEqualTo(new Finding("gopher-too-long", "3 words, at most 2 asked"));
    }

    @Test
    void askForAMeanLengthInCodePoints() {
      assertThat(only("min-mean-word-length: 3", "abc abc").keeps()).isTrue();
      assertThat(only("min-mean-word-length: 3", "abc ab - --"))
          .isEqualTo(new Finding("gopher-short-words", "mean length 2.50, at least 3.0 asked"));
      assertThat(only("max-mean-word-length: 10", "abcdefghij").keeps()).isTrue();
      assertThat(only("max-mean-word-length: 10", "abcdefghijk abcdefghij").reason())
          .isEqualTo("gopher-long-words");
      assertThat(only("max-mean-word-length: 2", "𝒂𝒃 𝒂𝒃").keeps()).isTrue();
    }

    @Test
    void askThatMostHoldALetter() {
      assertThat(only("min-words-with-letter: 0.8", "a1 b2 c3 d4 55").keeps()).isTrue();
      assertThat(only("min-words-with-letter: 0.8", "a1 b2 c3 44 55").detail())
          .isEqualTo("0.600 of words hold a letter, at least 0.8 asked");
      assertThat(only("min-words-with-letter: 0.8", "我们 всё ไทย हि").keeps()).isTrue();
    }

    @Test
    void countPunctuationAsWordsForSharesOnly() {
      String text = "well, yes: no! (ok)";
      assertThat(only("words: punctuation-apart, min-words-with-letter: 0.5", text).reason())
          .isEqualTo("gopher-few-letters");
      assertThat(only("words: punctuation-apart, min-words: 4", text).keeps()).isTrue();
    }

    @Test
    void askForDifferentStopWordsInTheirOwnCase() {
      assertThat(only("stop-words: 2", "the the the The Be"))
          .isEqualTo(
              new Finding("gopher-few-stop-words", "1 different stop words, at least 2 asked"));
      assertThat(only("stop-words: 2", "the cat and").keeps()).isTrue();
      assertThat(only("stop-words: 2, stop-word-list: [der, die]", "der Hund die Katze").keeps())
          .isTrue();
    }
  }

  @Nested
  class OnSymbols {
    @Test
    void countHashSignsForEachWord() {
      assertThat(only("max-symbols-per-word: 0.1", "# b c d e f g h i j").keeps()).isTrue();
      assertThat(only("max-symbols-per-word: 0.1", "#b c#d e f g h i j k l"))
          .isEqualTo(new Finding("gopher-hashes", "0.200 # a word, at most 0.1 asked"));
    }

    @Test
    void countEllipsesThatDoNotOverlap() {
      assertThat(only("max-symbols-per-word: 0.5", "a..... b").keeps()).isTrue();
      assertThat(only("max-symbols-per-word: 0.5", "a...... b").reason())
          .isEqualTo("gopher-ellipses");
      assertThat(only("max-symbols-per-word: 0.5", "a… b...").reason())
          .isEqualTo("gopher-ellipses");
    }
  }

  @Nested
  class OnLines {
    @Test
    void countThoseThatBeginWithABullet() {
      String nine = "- a\n  • b\n".repeat(4) + "- a\n";
      assertThat(only("max-bullet-lines: 0.9", nine + "plain").keeps()).isTrue();
      assertThat(only("max-bullet-lines: 0.9", nine + "• b"))
          .isEqualTo(new Finding("gopher-bullets", "1.000 of lines, at most 0.9 asked"));
    }

    @Test
    void countThoseThatEndWithAnEllipsis() {
      assertThat(only("max-ellipsis-lines: 0.3", "a...\nb… \nc...\n" + "d\n".repeat(7)).keeps())
          .isTrue();
      assertThat(only("max-ellipsis-lines: 0.3", "a... \nb…\nc").reason())
          .isEqualTo("gopher-ellipsis-lines");
    }

    @Test
    void endWherePythonEndsThem() {
      // Four lines, half of them bullets: carriage return and line feed are one break.
      assertThat(only("max-bullet-lines: 0.5", "- a\r\nb\u2028- c\u0085d").keeps()).isTrue();
      assertThat(only("max-bullet-lines: 0.49", "- a\r\nb\u2028- c\u0085d").detail())
          .startsWith("0.500 of lines");
    }
  }

  @Nested
  class InTheirSettings {
    @Test
    void keepEverythingWhenAllAreOff() {
      assertThat(only("", "").keeps()).isTrue();
      assertThat(only("", "# ... •\n- …").keeps()).isTrue();
    }

    @Test
    void mustLeaveRoom() {
      assertThatThrownBy(() -> Limits.of(GopherQualityLimits.class, "{max-words: 9}"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("max-words: must be 0 or at least min-words (50), but is 9");
      assertThatThrownBy(() -> Limits.of(GopherQualityLimits.class, "{stop-word-list: [the]}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("stop-words: must be at most the number of stop words given, 1");
    }
  }

  @Test
  void findTheSameWhateverCameBefore() {
    GopherQualityRule rule = new GopherQualityRule(Limits.of(GopherQualityLimits.class, "{}"));
    String prose = "These words have more letters than that other line of prose. ".repeat(5);
    rule.examine("# ".repeat(100_000));
    assertThat(rule.examine(prose)).isEqualTo(Finding.KEEP);
    assertThat(rule.examine("one").detail()).isEqualTo("1 words, at least 50 asked");
  }
}
