package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.kernel.NgramCounts;

@DisplayName("Learning equal-information windows")
class EqualInfoWindowsTest {
  @TempDir Path folder;

  private TestPipeline learn(List<String> texts, String settings) {
    List<Map<String, Object>> rows = new java.util.ArrayList<>();
    for (int row = 0; row < texts.size(); row++) {
      rows.add(Map.of("id", "d" + row, "text", texts.get(row)));
    }
    Path file = TestPipeline.rows(folder.resolve("documents.json"), rows);
    return TestPipeline.run(
        folder,
        """
        documents: {use: json-rows, path: %s, columns: "id string, text string", partitions: 3}
        learn: {use: learn-tokenizer, tokenizer: {equal-info: %s}}
        """
            .formatted(file, settings));
  }

  @Test
  void countsWhatFollowedEachContext() {
    TestPipeline run = learn(List.of("abab", "aba", "é"), "{order: 1}");

    assertThat(run.text("learn", "tokenizer", "byte-counts.txt"))
        .isEqualTo(" 61:4 62:3 a9:1 c3:1\n61 62:3\n62 61:2\nc3 a9:1\n");
    assertThat(run.metric("learn", "contexts")).isEqualTo(4);
    assertThat(run.metric("learn", "vocabulary")).isEqualTo(65_538);
  }

  @Test
  void countsAsOneMachineDoes() {
    List<String> texts = List.of("the cat sat on the mat", "then the hat", "мир и 平和");
    NgramCounts expected = new NgramCounts(3);
    texts.forEach(text -> expected.add(text.getBytes(StandardCharsets.UTF_8)));
    TestPipeline run = learn(texts, "{order: 3}");

    assertThat(run.text("learn", "tokenizer", "byte-counts.txt"))
        .isEqualTo(
            new CompressingTokenizer(16, 3, true, expected.counts())
                .files()
                .get("byte-counts.txt"));
  }

  @Test
  void keepsTheMostFrequentContexts() {
    TestPipeline run = learn(List.of("abab", "aba"), "{order: 2, contexts: 2}");

    assertThat(run.text("learn", "tokenizer", "byte-counts.txt"))
        .isEqualTo(" 61:4 62:3\n61 62:3\n");
  }
}
