package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.tokenize.kernel.MergeLearner;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.WordCounts;
import org.trainyard.dataprep.tokenize.kernel.WordList;

@DisplayName("The cut with fewer pieces")
class FewestPiecesTest {
  private static String lao;
  private static Merges merges;

  @BeforeAll
  static void learn() throws Exception {
    lao = Files.readString(Path.of("../conf/data/udhr/lao.html"));
    WordCounts counts = new WordCounts();
    counts.addPieces(lao.getBytes(StandardCharsets.UTF_8));
    WordList words = new WordList();
    for (int word = 0; word < counts.size(); word++) {
      words.add(counts.word(word), counts.count(word));
    }
    merges = new MergeLearner(words).learn(700, 2, done -> {});
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
