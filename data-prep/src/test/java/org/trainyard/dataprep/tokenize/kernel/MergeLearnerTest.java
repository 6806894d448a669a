package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Learning byte-pair merges")
class MergeLearnerTest {

  private static Merges learn(List<String> words, List<Long> counts, int most, long minCount) {
    WordList list = new WordList();
    for (int word = 0; word < words.size(); word++) {
      list.add(words.get(word).getBytes(StandardCharsets.ISO_8859_1), counts.get(word));
    }
    return new MergeLearner(list).learn(most, minCount, done -> {});
  }

  private static List<TextbookMerges.Merge> merges(Merges merges) {
    List<TextbookMerges.Merge> found = new ArrayList<>();
    for (int merge = 0; merge < merges.size(); merge++) {
      found.add(
          new TextbookMerges.Merge(
              latin(merges.bytes(merges.left(merge))), latin(merges.bytes(merges.right(merge)))));
    }
    return found;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void takesTheMostFrequentPairFirst() {
    Merges merges = learn(List.of("hug", "pug", "hugs"), List.of(10L, 5L, 5L), 2, 1);

    assertThat(merges(merges))
        .containsExactly(new TextbookMerges.Merge("u", "g"), new TextbookMerges.Merge("h", "ug"));
  }

  @Test
  void breaksTiesByBytes() {
    assertThat(merges(learn(List.of("zb", "ac", "\u00FFa", "ab"), List.of(3L, 3L, 3L, 3L), 4, 1)))
        .extracting(TextbookMerges.Merge::left)
        .containsExactly("a", "a", "z", "\u00FF");
  }

  @Test
  void stopsAtPairsThatAreTooRare() {
    assertThat(learn(List.of("ab", "cd"), List.of(3L, 1L), 10, 2).size()).isEqualTo(1);
  }

  @Test
  void equalsTheTextbookForAnyWordsInAnyOrder() {
    SplittableRandom random = new SplittableRandom(11);
    for (int trial = 0; trial < 60; trial++) {
      TreeMap<String, Long> counts = new TreeMap<>();
      int letters = 2 + random.nextInt(4);
      for (int word = random.nextInt(40); word >= 0; word--) {
        StringBuilder text = new StringBuilder();
        for (int size = 1 + random.nextInt(9); size > 0; size--) {
          text.append((char) ('a' + random.nextInt(letters)));
        }
        counts.merge(text.toString(), 1L + random.nextInt(5), Long::sum);
      }
      List<String> words = new ArrayList<>(counts.keySet());
      Collections.shuffle(words, new Random(trial));
      List<Long> weights = words.stream().map(counts::get).toList();

      Merges learnt = learn(words, weights, 50, 2);

      List<TextbookMerges.Merge> expected = TextbookMerges.learn(words, weights, 50, 2);
      assertThat(merges(learnt)).isEqualTo(expected);
      assertThat(cut(learnt, words)).isEqualTo(naively(words, expected));
    }
  }

  private static List<List<String>> cut(Merges merges, List<String> words) {
    MergeEncoder encoder = new MergeEncoder(merges);
    List<List<String>> all = new ArrayList<>();
    for (String word : words) {
      TokenBuffer tokens = new TokenBuffer();
      encoder.encode(word.getBytes(StandardCharsets.ISO_8859_1), tokens);
      List<String> one = new ArrayList<>();
      for (int id : tokens.ids()) {
        one.add(latin(merges.bytes(id)));
      }
      all.add(one);
    }
    return all;
  }

  private static List<List<String>> naively(List<String> words, List<TextbookMerges.Merge> merges) {
    return words.stream().map(word -> TextbookMerges.cut(word, merges)).toList();
  }
}
