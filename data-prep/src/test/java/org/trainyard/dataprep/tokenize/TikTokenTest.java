package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.dataprep.tokenize.kernel.Texts;
import org.trainyard.pipeline.config.ConfigException;

@DisplayName("Vocabularies of ranks")
class TikTokenTest {
  private static List<String> texts() {
    SplittableRandom random = new SplittableRandom(5);
    List<String> texts = new ArrayList<>();
    for (int text = 0; text < 200; text++) {
      texts.add(Texts.random(random, 50));
    }
    return texts;
  }

  private static String ranks(String name) throws Exception {
    try (InputStream in =
        com.knuddels.jtokkit.Encodings.class.getResourceAsStream(name + ".tiktoken")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({"r50k_base, 31373, 995", "cl100k_base, 15339, 1917", "o200k_base, 24912, 2375"})
  void giveTheirPublishedIds(String name, int hello, int world) {
    assertThat(RankTokenizer.named(name).encode("hello world")).containsExactly(hello, world);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r50k_base", "p50k_base", "cl100k_base", "o200k_base"})
  void giveBackEveryText(String name) {
    Tokenizer tokenizer = RankTokenizer.named(name);
    for (String text : texts()) {
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @Test
  void readSpecialTokensAsText() {
    Tokenizer tokenizer = RankTokenizer.named("cl100k_base");
    int[] ids = tokenizer.encode("<|endoftext|>");
    assertThat(ids).hasSizeGreaterThan(1);
    assertThat(tokenizer.decode(ids)).isEqualTo("<|endoftext|>");
  }

  @Nested
  class OfOnesOwn {
    @Test
    void cutLikeTheBundledOneOfTheSameRanks() throws Exception {
      Tokenizer given = RankTokenizer.of(RankTokenizer.GPT2_PATTERN, ranks("r50k_base"));
      Tokenizer bundled = RankTokenizer.named("r50k_base");
      assertThat(RankTokenizer.read(given.files()).encode("hello")).containsExactly(31373);
      for (String text : texts()) {
        assertThat(given.encode(text)).isEqualTo(bundled.encode(text));
      }
    }

    @Test
    void loseNothingThatThePatternLeavesOut() throws Exception {
      Tokenizer letters = RankTokenizer.of("\\p{L}+", ranks("r50k_base"));
      for (String text : texts()) {
        assertThat(letters.decode(letters.encode(text))).isEqualTo(text);
      }
    }

    @Test
    void areRefusedIfTheyAreBroken() {
      assertThatThrownBy(() -> RankTokenizer.of("", "YQ== 0\nYg== x"))
          .hasMessage("line 2 is 'Yg== x'");
      assertThatThrownBy(() -> RankTokenizer.of("", "YQ== 0\nYg== 0"))
          .hasMessage("lines 1 and 2 have the same rank");
      assertThatThrownBy(() -> RankTokenizer.of("", "YQ== 0")).hasMessage("byte 0 has no rank");
    }
  }

  @Test
  void areChosenByNameOrFile() {
    assertThatThrownBy(() -> Outcome.make(new TikToken(), "{vocabulary: gpt2}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'gpt2' is unknown")
        .hasMessageContaining("or give ranks");
    assertThatThrownBy(() -> Outcome.make(new TikToken(), "{ranks: a.tiktoken, pattern: '('}"))
        .isInstanceOf(ConfigException.class);
  }
}
