package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.pipeline.record.DataException;

@DisplayName("Growing text from documents")
class GrowTextTest {
  /** Every letter has several that may follow, so that there are many words to spell. */
  private static final String REAL =
      "banana bandana cabana canal nabob nacre bacon dance ocean radon canoe bread cedar debar nodal";

  @TempDir Path folder;

  private TestPipeline grow(String text, int partitions, String settings) {
    Path file =
        TestPipeline.rows(
            folder.resolve("real.json"),
            List.of(Map.of("id", "a", "text", text), Map.of("id", "b", "text", text)));
    return TestPipeline.run(
        folder.resolve("p" + partitions + settings.hashCode()),
        """
        real: {use: json-rows, path: %s, columns: "id string, text string", partitions: %d}
        grow: {use: grow-text, count: 40, characters: 500%s}
        """
            .formatted(file, partitions, settings));
  }

  private static List<String> texts(TestPipeline run) {
    return run.rows("grow", "documents").stream().map(Row::toString).toList();
  }

  @Test
  void makesTheSameDocumentsUnderAnyPartitioning() {
    List<String> grown = texts(grow(REAL, 1, ", slices: 1"));

    assertThat(grown).hasSize(40);
    assertThat(texts(grow(REAL, 3, ", slices: 7"))).isEqualTo(grown);
  }

  @Test
  void makesTheMoreDifferentWordsTheMoreTextThereIs() {
    List<Row> rows = grow(REAL, 1, ", new-words: 0.5").rows("grow", "documents");

    Set<String> few = words(rows.subList(0, 10));
    Set<String> many = words(rows);
    assertThat(few.size()).isGreaterThan(2 * 15);
    assertThat(many.size()).isGreaterThan(few.size() + few.size() / 2);
  }

  private static Set<String> words(List<Row> rows) {
    return rows.stream()
        .flatMap(row -> Arrays.stream(row.<String>getAs("text").split("\\s")))
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void refusesDocumentsWithoutAWord() {
    assertThatThrownBy(() -> grow(" \n", 1, ""))
        .isInstanceOf(DataException.class)
        .hasMessage("grow: the documents have no word. Give it some real text.");
  }
}
