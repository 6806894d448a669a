package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.kernel.BrokenTextException;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Texts;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.pipeline.technique.Techniques;

@DisplayName("Every tokenizer")
class EveryTokenizerTest {
  @TempDir static Path folder;

  private static final List<String> DOCUMENTS = documents(11);
  private static final List<String> OTHERS = documents(12);
  private static final Map<String, Tokenizer> LEARNED = new HashMap<>();

  private static List<String> documents(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> texts = new ArrayList<>();
    for (int document = 0; document < 60; document++) {
      texts.add(Texts.random(random, 60));
    }
    return texts;
  }

  /** Every technique with settings small enough for a test. */
  static List<String> tokenizers() {
    return List.of(
        "bytes",
        "byte-bpe: {vocabulary: 400}",
        "characters: {vocabulary: 40}",
        "equal-info: {bits: 12}",
        "equal-info: {bits: 8, order: 1}",
        "equal-info: {bits: 16, reset: false}",
        "fewest-pieces: {vocabulary: 400}",
        "huggingface: {file: %s}".formatted(folder.resolve("tokenizer.json")),
        "tiktoken: {vocabulary: r50k_base}",
        "tiktoken: {vocabulary: o200k_base}",
        "word-piece: {vocabulary: 120, alphabet: 30}");
  }

  @BeforeAll
  static void learn() throws Exception {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        TokenizerJson.write(new Merges(new int[] {2 + ' ', 258}, new int[] {2 + 't', 2 + 'h'})));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < DOCUMENTS.size(); row++) {
      rows.add(Map.of("id", "d" + row, "text", DOCUMENTS.get(row)));
    }
    rows.add(Map.of("id", "empty", "text", ""));
    Path file = TestPipeline.rows(folder.resolve("documents.json"), rows);
    StringBuilder steps = new StringBuilder();
    for (int partitions : new int[] {1, 5}) {
      steps.append(
          "documents-%d: {use: json-rows, path: %s, columns: \"id string, text string\", partitions: %d}%n"
              .formatted(partitions, file, partitions));
      for (int at = 0; at < tokenizers().size(); at++) {
        String tokenizer = tokenizers().get(at);
        steps.append(
            "learn-%d-%d: {use: learn-tokenizer, from: documents-%d, tokenizer: %s}%n"
                .formatted(
                    partitions,
                    at,
                    partitions,
                    tokenizer.contains(":") ? "{" + tokenizer + "}" : tokenizer));
      }
    }
    TestPipeline run = TestPipeline.run(folder.resolve("run"), steps.toString());
    for (int partitions : new int[] {1, 5}) {
      for (int at = 0; at < tokenizers().size(); at++) {
        org.apache.hadoop.fs.Path learned =
            run.artifact("learn-%d-%d".formatted(partitions, at), "tokenizer").folder();
        LEARNED.put(
            tokenizers().get(at) + partitions,
            TokenizerFolder.open(learned, TestPipeline.storage()).tokenizer());
      }
    }
  }

  private static Tokenizer learned(String tokenizer) {
    return LEARNED.get(tokenizer + 1);
  }

  @Test
  void isAmongThese() {
    assertThat(tokenizers().stream().map(name -> name.replaceAll(":.*", "")).distinct())
        .containsExactlyInAnyOrderElementsOf(Techniques.of(TokenizerTechnique.class).names());
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void isTheSameUnderAnyPartitioning(String tokenizer) {
    assertThat(LEARNED.get(tokenizer + 5).files()).isEqualTo(learned(tokenizer).files());
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void givesBackEveryTextIfItSaysSo(String tokenizer) {
    Tokenizer opened = learned(tokenizer);
    for (String text : OTHERS) {
      String back = opened.decode(opened.encode(text));
      if (opened.exact()) {
        assertThat(back).isEqualTo(text);
      } else {
        assertThat(opened.unknown()).isPresent();
        assertThat(back).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void makesIdsOfItsVocabularyButNoneOfItsOwnTokens(String tokenizer) {
    Tokenizer opened = learned(tokenizer);
    assertThat(opened.begin()).isBetween(0, opened.vocabulary() - 1).isNotEqualTo(opened.pad());
    assertThat(opened.pad()).isBetween(0, opened.vocabulary() - 1);
    for (String text : OTHERS) {
      assertThat(Arrays.stream(opened.encode(text)).boxed().toList())
          .doesNotContain(opened.begin(), opened.pad())
          .allMatch(id -> id >= 0 && id < opened.vocabulary());
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void accountsForEachByteOnce(String tokenizer) {
    Tokenizer.Encoder encoder = learned(tokenizer).encoder();
    TokenBuffer tokens = new TokenBuffer();
    for (String text : OTHERS) {
      tokens.clear();
      encoder.encode(text, tokens);
      assertThat(tokens.bytes(0, tokens.size()))
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
      for (int at = 0; at < tokens.size(); at++) {
        assertThat(tokens.bytes(at, at + 1)).isNotNegative();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void makesNothingOfAnEmptyText(String tokenizer) {
    assertThat(learned(tokenizer).encode("")).isEmpty();
    assertThat(learned(tokenizer).decode(new int[0])).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void saysNothingForItsOwnTokens(String tokenizer) {
    Tokenizer opened = learned(tokenizer);
    assertThat(opened.decode(new int[] {opened.begin(), opened.pad()})).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void refusesAnUnpairedSurrogateAndSaysWhere(String tokenizer) {
    assertThatThrownBy(() -> learned(tokenizer).encode("ab\uD83Dc"))
        .isInstanceOf(BrokenTextException.class)
        .hasMessage("unpaired surrogate U+D83D at position 2");
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void isTheSameOnAnotherMachine(String tokenizer) throws Exception {
    Tokenizer opened = learned(tokenizer);
    opened.encode("used before it is sent");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(opened);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Tokenizer sent = (Tokenizer) in.readObject();
      for (String text : OTHERS.subList(0, 10)) {
        assertThat(sent.encode(text)).isEqualTo(opened.encode(text));
      }
    }
  }
}
