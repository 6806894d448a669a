package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Words of a text")
class WordSpansTest {

  private static List<String> words(Words rule, String text) {
    CodePoints points = new CodePoints();
    WordSpans spans = new WordSpans(rule);
    points.read(text);
    spans.find(points);
    int[] values = text.codePoints().toArray();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < spans.count(); i++) {
      words.add(new String(values, spans.start(i), spans.end(i) - spans.start(i)));
    }
    return words;
  }

  @Test
  void areWhatStandsBetweenWhiteSpace() {
    assertThat(words(Words.SPACED, " \u3000To be,\n\u2028 or... (not)\u00A0"))
        .containsExactly("To", "be,", "or...", "(not)");
  }

  @Test
  void standApartFromPunctuationOnRequest() {
    assertThat(words(Words.PUNCTUATION_APART, "\"(Don't) well-being...\" -- 3.14!"))
        .containsExactly("\"", "(", "Don't", ")", "well-being", "...", "\"", "--", "3.14", "!");
  }

  @Test
  void areCountedInCodePointsOutsideTheBasicPlane() {
    assertThat(words(Words.PUNCTUATION_APART, "😀😀 𝒂𝒃.")).containsExactly("😀😀", "𝒂𝒃", ".");
  }

  @Test
  void areNoneInNothingOrSpace() {
    assertThat(words(Words.SPACED, "")).isEmpty();
    assertThat(words(Words.PUNCTUATION_APART, " \n\t")).isEmpty();
  }

  @Test
  void growBeyondTheFirstBuffer() {
    assertThat(words(Words.SPACED, "ab ".repeat(5000))).hasSize(5000).containsOnly("ab");
  }
}
