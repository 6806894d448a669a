package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.tokenize.kernel.MergeLearner;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Pieces;

@DisplayName("The cut with fewer pieces")
class FewestPiecesTest {
  private static String lao;
  private static Merges merges;

  @BeforeAll
  static void learn() throws Exception {
    lao = Files.readString(Path.of("../conf/data/udhr/lao.html"));
    Map<String, Long> words = new TreeMap<>();
    byte[] bytes = lao.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; ) {
      int to = Pieces.end(bytes, from, bytes.length);
      words.merge(new String(bytes, from, to - from, StandardCharsets.UTF_8), 1L, Long::sum);
      from = to;
    }
    merges =
        new MergeLearner(
                words.keySet().stream()
                    .map(word -> word.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new),
                words.values().stream().mapToLong(Long::longValue).toArray())
            .learn(700, 2, done -> {});
  }

  @Test
  void isNeverLongerThanReplayingTheMerges() {
    Tokenizer replaying = new ByteBpeTokenizer(merges);
    Tokenizer fewest = new FewestPiecesTokenizer(merges);
    int shorter = 0;
    for (String line : lao.split("\n")) {
      int before = replaying.encode(line).length;
      assertThat(fewest.encode(line).length).isLessThanOrEqualTo(before);
      shorter += fewest.encode(line).length < before ? 1 : 0;
    }
    assertThat(shorter).as("lines of Lao that take fewer pieces").isPositive();
  }

  @Test
  void givesBackTheText() {
    Tokenizer fewest = new FewestPiecesTokenizer(merges);
    assertThat(fewest.exact()).isTrue();
    assertThat(fewest.decode(fewest.encode(lao))).isEqualTo(lao);
  }
}
