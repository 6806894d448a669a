package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("WordPiece")
class WordPiecesTest {
  private static List<String> learn(Map<String, Long> words, int alphabet, int most) {
    return new WordPieceLearner(words, alphabet).learn(most, 2, done -> {});
  }

  @Nested
  class Learns {
    @Test
    void theAlphabetFirstAndThenTheMostFrequentPairs() {
      List<String> pieces = learn(Map.of("aab", 5L, "ab", 3L, "b", 2L), 9, 99);

      assertThat(pieces.subList(0, 4)).containsExactly("##a", "##b", "a", "b");
      // ##a ##b and a ##a occur 5 times each, a ##b 3 times; ## comes first.
      assertThat(pieces.subList(4, pieces.size())).containsExactly("##ab", "aab", "ab");
    }

    @Test
    void theSameWhateverTheOrderOfTheWords() {
      Map<String, Long> words = new HashMap<>();
      for (int word = 0; word < 500; word++) {
        words.merge(Integer.toString(word * 7919 % 1000, 5), 1L + word % 7, Long::sum);
      }
      Map<String, Long> turned = new java.util.LinkedHashMap<>();
      words.keySet().stream()
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(word -> turned.put(word, words.get(word)));

      assertThat(learn(turned, 100, 80)).isEqualTo(learn(words, 100, 80)).hasSize(80);
    }

    @Test
    void fromWordsOfTheAlphabetOnly() {
      List<String> pieces = learn(Map.of("ab", 9L, "aé", 1L, "é", 1L), 2, 99);

      assertThat(pieces).containsExactly("##b", "a", "ab");
    }

    @Test
    void nothingRarerThanAskedFor() {
      assertThat(learn(Map.of("ab", 1L, "cd", 2L), 9, 99)).contains("cd").doesNotContain("ab");
    }
  }

  @Nested
  class Cuts {
    private final WordPieces pieces =
        new WordPieces(List.of("un", "##aff", "##able", "##a", "u", "##", "a"));
    private final int[] ids = new int[20];
    private final int[] ends = new int[20];

    private int[] cut(String word) {
      return Arrays.copyOf(ids, pieces.cut(word, ids, ends));
    }

    @Test
    void fromTheLeftIntoTheLongestPieces() {
      assertThat(cut("unaffable")).containsExactly(3, 4, 5);
      assertThat(Arrays.copyOf(ends, 3)).containsExactly(2, 5, 9);
    }

    @Test
    void notAtAllWhereAPieceIsMissing() {
      assertThat(cut("unaffableness")).isEmpty();
    }

    @Test
    void theMarkItselfAsAWord() {
      assertThat(cut("##")).containsExactly(8);
      assertThat(pieces.decode(new int[] {9, 8, 3, 6, 2, 0})).isEqualTo("a ## una \uFFFD");
    }
  }
}
