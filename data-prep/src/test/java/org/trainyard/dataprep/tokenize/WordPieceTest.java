package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;

@DisplayName("Learning WordPiece")
class WordPieceTest {
  @TempDir Path folder;

  private TestPipeline learn(List<String> texts, String settings) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < texts.size(); row++) {
      rows.add(Map.of("id", "d" + row, "text", texts.get(row)));
    }
    Path file = TestPipeline.rows(folder.resolve("documents.json"), rows);
    return TestPipeline.run(
        folder,
        """
        documents: {use: json-rows, path: %s, columns: "id string, text string", partitions: 3}
        learn: {use: learn-tokenizer, tokenizer: {word-piece: %s}}
        encode: {from: {documents: documents, tokenizer: learn}}
        """
            .formatted(file, settings));
  }

  private static WordPieceTokenizer opened(TestPipeline run) {
    return (WordPieceTokenizer)
        TokenizerFolder.open(run.artifact("learn", "tokenizer").folder(), TestPipeline.storage())
            .tokenizer();
  }

  @Test
  void countsAWordAlikeWhateverSpaceIsBeforeIt() {
    TestPipeline run = learn(List.of("ab ab\n\tab\u00A0ab", "cd", "ef"), "{min-count: 4}");

    assertThat(opened(run).pieces().pieces())
        .containsExactly("##b", "##d", "##f", "a", "c", "e", "ab");
  }

  @Test
  void knowsTheMostFrequentCharactersOnly() {
    TestPipeline run = learn(List.of("ab ab ab ac", "ab"), "{alphabet: 2}");

    assertThat(opened(run).encode("ab ac")).containsExactly(5, 2);
    assertThat(run.metric("encode", "unknown_share")).isEqualTo(1 / 5.0);
    assertThat(run.metric("encode", "bytes")).isEqualTo(13);
  }
}
