package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Cutting text into pieces")
class PiecesTest {

  static List<String> pieces(String text) {
    byte[] bytes = Utf8.bytes(text);
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < bytes.length; ) {
      int to = Pieces.end(bytes, from, bytes.length);
      pieces.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      from = to;
    }
    return pieces;
  }

  @Test
  void keepsTheSpaceBeforeAWordWithIt() {
    assertThat(pieces("To be, or  not")).containsExactly("To", " be", ",", " or", " ", " not");
  }

  @Test
  void leavesLineBreaksAlone() {
    assertThat(pieces("one\ntwo\n\n three\n"))
        .containsExactly("one", "\n", "two", "\n\n", " three", "\n");
  }

  @Test
  void cutsNumbersIntoThrees() {
    assertThat(pieces("in 20241")).containsExactly("in", " 202", "41");
  }

  @Test
  void keepsMarksWithTheirLetters() {
    assertThat(pieces("नमस्ते e\u0301t")).containsExactly("नमस्ते", " e\u0301t");
  }

  @Test
  void boundsTheCostOfAPageWithoutSpaces() {
    assertThat(pieces("x".repeat(200))).extracting(String::length).containsExactly(64, 64, 64, 8);
    assertThat(pieces(" ".repeat(40) + "x"))
        .extracting(String::length)
        .containsExactly(16, 16, 7, 2);
  }

  @Test
  void equalsItsRegularExpressionOnAnyText() {
    Pattern regex = Pattern.compile(Pieces.REGEX, Pattern.UNICODE_CHARACTER_CLASS);
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 0; trial < 3_000; trial++) {
      String text = Texts.random(random, random.nextInt(60));
      List<String> expected = new ArrayList<>();
      Matcher matcher = regex.matcher(text);
      while (matcher.find()) {
        expected.add(matcher.group());
      }
      assertThat(pieces(text)).as("pieces of '%s'", text).isEqualTo(expected);
    }
  }
}
