package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.kernel.MergeLearner;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Texts;
import org.trainyard.dataprep.tokenize.kernel.WordCounts;
import org.trainyard.dataprep.tokenize.kernel.WordList;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;

@DisplayName("Learning a tokenizer")
class LearnTokenizerTest {
  @TempDir Path folder;

  private static final List<String> DOCUMENTS = documents();

  private static List<String> documents() {
    SplittableRandom random = new SplittableRandom(1);
    List<String> texts = new ArrayList<>();
    for (int document = 0; document < 120; document++) {
      texts.add(Texts.random(random, 40));
    }
    return texts;
  }

  private TestPipeline learn(List<String> texts, int partitions, String tokenizer) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < texts.size(); row++) {
      rows.add(Map.of("id", "d" + row, "text", texts.get(row)));
    }
    Path file = TestPipeline.rows(folder.resolve("documents.json"), rows);
    return TestPipeline.run(
        folder.resolve("p" + partitions),
        """
        documents: {use: json-rows, path: %s, columns: "id string, text string", partitions: %d}
        learn: {use: learn-tokenizer, tokenizer: %s}
        """
            .formatted(file, partitions, tokenizer));
  }

  private static Tokenizer opened(TestPipeline run) {
    return TokenizerFolder.open(run.artifact("learn", "tokenizer").folder(), TestPipeline.storage())
        .tokenizer();
  }

  @Nested
  class ByBytePairs {
    @Test
    void learnsWhatOneMachineLearnsWhateverThePartitioning() {
      WordCounts counts = new WordCounts();
      DOCUMENTS.forEach(text -> counts.addPieces(text.getBytes(StandardCharsets.UTF_8)));
      WordList words = new WordList();
      for (int word = 0; word < counts.size(); word++) {
        words.add(counts.word(word), counts.count(word));
      }
      Merges expected = new MergeLearner(words).learn(400 - Merges.FIRST_MERGE, 2, done -> {});

      for (int partitions : new int[] {1, 5}) {
        TestPipeline run = learn(DOCUMENTS, partitions, "{byte-bpe: {vocabulary: 400}}");

        assertThat(((ByteBpeTokenizer) opened(run)).merges()).isEqualTo(expected);
        assertThat(run.metric("learn", "vocabulary")).isEqualTo(400);
        assertThat(run.metric("learn", "words_left_out_share")).isZero();
      }
    }

    @Test
    void keepsTheMostFrequentWordsWhenTheyAreBounded() {
      TestPipeline run =
          learn(List.of("aa aa aa", "bb bb", "cc"), 2, "{byte-bpe: {max-words: 2, min-count: 1}}");

      assertThat(run.metric("learn", "words")).isEqualTo(5);
      assertThat(((ByteBpeTokenizer) opened(run)).merges().size()).isPositive();
      assertThat(run.metric("learn", "words_left_out_share")).isBetween(0.4, 0.7);
    }

    @Test
    void keepsTheSameWordsUnderAnyPartitioningWhenManyAreEquallyFrequent() {
      List<Merges> learnt = new ArrayList<>();
      for (int partitions : new int[] {1, 4, 9}) {
        TestPipeline run =
            learn(DOCUMENTS, partitions, "{byte-bpe: {max-words: 300, min-count: 1}}");
        assertThat(run.metric("learn", "words")).isGreaterThan(600);
        assertThat(run.metric("learn", "words_left_out_share")).isBetween(0.01, 0.9);
        learnt.add(((ByteBpeTokenizer) opened(run)).merges());
      }

      assertThat(learnt.get(1)).isEqualTo(learnt.get(0));
      assertThat(learnt.get(2)).isEqualTo(learnt.get(0));
      assertThat(learnt.get(0).size()).isPositive();
    }

    @Test
    void givesBackEveryText() {
      Tokenizer tokenizer = opened(learn(DOCUMENTS, 2, "{byte-bpe: {vocabulary: 500}}"));

      assertThat(tokenizer.exact()).isTrue();
      assertThat(tokenizer.unknown()).isEmpty();
      for (String text : DOCUMENTS) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
      assertThat(tokenizer.decode(tokenizer.encode("ᚠᛇᚻ \u0000"))).isEqualTo("ᚠᛇᚻ \u0000");
    }

    @Test
    void learnsNothingFromAnEmptyText() {
      TestPipeline run = learn(List.of(""), 1, "byte-bpe");

      assertThat(run.metric("learn", "vocabulary")).isEqualTo(Merges.FIRST_MERGE);
    }
  }

  @Nested
  class ByBytes {
    @Test
    void givesBackEveryText() {
      Tokenizer tokenizer = opened(learn(DOCUMENTS, 2, "bytes"));

      assertThat(tokenizer.vocabulary()).isEqualTo(258);
      assertThat(tokenizer.encode("é")).containsExactly(2 + 0xC3, 2 + 0xA9);
      for (String text : DOCUMENTS) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
    }
  }

  @Nested
  class ByCharacters {
    @Test
    void keepsTheMostFrequentAndLosesTheRest() {
      TestPipeline run = learn(List.of("aab", "aбb", "c"), 2, "{characters: {vocabulary: 5}}");
      Tokenizer tokenizer = opened(run);

      assertThat(tokenizer.exact()).isFalse();
      assertThat(tokenizer.encode("abc")).containsExactly(3, 4, 2);
      assertThat(tokenizer.decode(tokenizer.encode("abc"))).isEqualTo("ab\uFFFD");
      assertThat(run.metric("learn", "unknown_share")).isEqualTo(2 / 7.0);
    }
  }

  @Nested
  class Refuses {
    @Test
    void aVocabularyThatHoldsNotEvenTheBytes() {
      assertThatThrownBy(() -> learn(DOCUMENTS, 1, "{byte-bpe: {vocabulary: 100}}"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("learn.tokenizer.byte-bpe.vocabulary: must be at least 258, but is 100");
    }

    @Test
    void aTokenizerThatWasChangedByHand() {
      TestPipeline run = learn(DOCUMENTS, 1, "byte-bpe");
      org.apache.hadoop.fs.Path artifact = run.artifact("learn", "tokenizer").folder();
      TestPipeline.storage().write(new org.apache.hadoop.fs.Path(artifact, "tokenizer.json"), "{}");

      assertThatThrownBy(() -> TokenizerFolder.open(artifact, TestPipeline.storage()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("changed after it was learnt");
    }
  }
}
