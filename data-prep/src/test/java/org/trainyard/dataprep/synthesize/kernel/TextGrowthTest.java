package org.trainyard.dataprep.synthesize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Growing text")
class TextGrowthTest {
  private static final List<String> WORDS = List.of("the", "whale", "white", "мир", "мера");
  private static final long[] COUNTS = {60, 20, 10, 7, 3};

  private static String document(TextGrowth growth, long number, int length) {
    StringBuilder text = new StringBuilder();
    growth.document(number, length, text);
    return text.toString();
  }

  private static List<String> words(TextGrowth growth, int length) {
    return Arrays.asList(document(growth, 0, length).split("\\s"));
  }

  @Test
  void drawsKnownWordsAsOftenAsTheyWereCounted() {
    List<String> words = words(new TextGrowth(WORDS, COUNTS, 0, 7), 400_000);
    Map<String, Integer> counts = new HashMap<>();
    words.forEach(word -> counts.merge(word, 1, Integer::sum));

    assertThat(counts).containsOnlyKeys(WORDS);
    for (int word = 0; word < COUNTS.length; word++) {
      double share = COUNTS[word] / 100.0;
      double deviation = Math.sqrt(share * (1 - share) / words.size());
      assertThat(counts.get(WORDS.get(word)) / (double) words.size())
          .isCloseTo(share, within(5 * deviation));
    }
  }

  @Test
  void spellsNewWordsWithinOneScript() {
    TextGrowth growth = new TextGrowth(WORDS, COUNTS, 1, 7);
    Set<Character.UnicodeScript> scripts = new HashSet<>();
    for (String word : words(growth, 20_000)) {
      Set<Character.UnicodeScript> own = new HashSet<>();
      word.codePoints().forEach(one -> own.add(Character.UnicodeScript.of(one)));
      assertThat(own).hasSize(1);
      scripts.addAll(own);
    }

    assertThat(scripts)
        .containsExactlyInAnyOrder(Character.UnicodeScript.LATIN, Character.UnicodeScript.CYRILLIC);
  }

  @Test
  void writesTheSameDocumentForTheSameSeedAndNumberOnly() {
    TextGrowth growth = new TextGrowth(WORDS, COUNTS, 0.3, 7);
    String text = document(growth, 5, 1_000);

    assertThat(text.length()).isBetween(975, 1_030);
    assertThat(document(new TextGrowth(WORDS, COUNTS, 0.3, 7), 5, 1_000)).isEqualTo(text);
    assertThat(document(growth, 6, 1_000)).isNotEqualTo(text);
    assertThat(document(new TextGrowth(WORDS, COUNTS, 0.3, 8), 5, 1_000)).isNotEqualTo(text);
  }

  @Test
  void givesANewWordOneSpelling() {
    TextGrowth growth = new TextGrowth(WORDS, COUNTS, 0.3, 7);
    StringBuilder first = new StringBuilder();
    growth.newWord(1_000_000, first);
    StringBuilder again = new StringBuilder();
    growth.newWord(1_000_000, again);

    assertThat(again.toString()).isEqualTo(first.toString()).isNotEmpty();
  }
}
