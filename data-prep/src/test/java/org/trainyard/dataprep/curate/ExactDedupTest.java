package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.testing.Documents;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.stage.Rejects;

@DisplayName("Exact deduplication")
class ExactDedupTest {

  private static Dataset<Row> deduplicated(Dataset<Row> rows, String settings) {
    return Outcome.make(new ExactDedup(), settings).apply(rows);
  }

  @Nested
  class KeepsOneCopy {
    @Test
    void whenTextsDifferOnlyInCaseAndSpacing() {
      Dataset<Row> result =
          deduplicated(Documents.of("To be  or not", "to be or\nnot").table(), "{}");
      assertThat(Outcome.kept(result)).containsExactly("d0");
      assertThat(Outcome.rejected(result)).isEqualTo(Map.of("d1", "exact-duplicate"));
      assertThat(Outcome.byId(result, Rejects.DETAIL)).containsEntry("d1", "of d0");
    }

    @Test
    void ofEachByteForByteTextOnRequest() {
      Dataset<Row> result =
          deduplicated(Documents.of("a b", "A b", "a b").table(), "{normalise: none}");
      assertThat(Outcome.kept(result)).containsExactly("d0", "d1");
    }

    @Test
    void withTheSmallestIdWhateverTheOrderAndPartitioningOfTheInput() {
      Documents documents = Documents.of("b", "a", "A", "c", "b", "a ");
      List<String> expected = Outcome.everything(deduplicated(documents.table(), "{}"));
      assertThat(Outcome.kept(deduplicated(documents.table(), "{}")))
          .containsExactly("d0", "d1", "d3");
      for (int partitions : new int[] {2, 3, 7}) {
        assertThat(Outcome.everything(deduplicated(documents.table(partitions), "{}")))
            .isEqualTo(expected);
      }
    }

    @Test
    void forAnyNumberOfSalts() {
      Documents documents = Documents.of("b", "a", "A", "c", "b", "a ", "a", "a", "B");
      List<String> kept = Outcome.kept(deduplicated(documents.table(), "{salts: 1}"));
      assertThat(kept).containsExactly("d0", "d1", "d3");
      assertThat(Outcome.kept(deduplicated(documents.table(3), "{salts: 3}"))).isEqualTo(kept);
      assertThat(Outcome.kept(deduplicated(documents.table(3), "{salts: 500}"))).isEqualTo(kept);
    }
  }

  @Nested
  class OfRejectedRows {
    @Test
    void takesNoCopyIntoAccountAndChangesNothing() {
      Documents documents =
          new Documents().rejected("a", "same", "language").alive("b", "same").alive("c", "same");
      Dataset<Row> result = deduplicated(documents.table(2), "{}");
      assertThat(Outcome.kept(result)).containsExactly("b");
      assertThat(Outcome.rejected(result))
          .isEqualTo(Map.of("a", "language", "c", "exact-duplicate"));
      assertThat(Outcome.byId(result, Rejects.DETAIL))
          .containsEntry("a", "earlier")
          .containsEntry("c", "of b");
    }
  }

  @Nested
  class OfOneTextRepeatedVeryOften {
    private static final int COPIES = 4000;

    private final Documents documents = documents();

    private static Documents documents() {
      String[] texts = new String[COPIES + 200];
      Arrays.setAll(texts, i -> i % 21 == 20 ? "text " + i : "the giant");
      return Documents.of(texts);
    }

    @Test
    void keepsOneCopyAndNamesOneOfTheSameText() {
      Dataset<Row> result = deduplicated(documents.table(3), "{}").cache();
      List<String> kept = Outcome.kept(result);
      assertThat(kept).hasSize(201).contains("d0");
      Map<String, String> rejected = Outcome.rejected(result);
      assertThat(rejected).hasSize(COPIES - 1);
      Map<String, String> texts = Outcome.byId(result, "text");
      Map<String, String> details = Outcome.byId(result, Rejects.DETAIL);
      for (String id : rejected.keySet()) {
        String named = details.get(id).substring("of ".length());
        assertThat(named.compareTo(id)).isNegative();
        assertThat(texts.get(named)).isEqualTo(texts.get(id));
      }
      // Whoever follows the names comes to the copy that was kept.
      assertThat(rejected.keySet().stream().map(details::get).distinct().toList())
          .contains("of d0")
          .hasSizeLessThanOrEqualTo(16);
      result.unpersist();
    }

    @Test
    void spreadsItOverTasks() {
      Dataset<Row> result = deduplicated(documents.table(3), "{salts: 64}");
      List<Long> sizes =
          result.groupBy(spark_partition_id()).count().select(col("count")).collectAsList().stream()
              .map(row -> row.getLong(0))
              .toList();
      long all = sizes.stream().mapToLong(Long::longValue).sum();
      assertThat(all).isEqualTo(COPIES + 200L);
      assertThat(sizes).allMatch(size -> size < all / 2);
    }

    @Test
    void computesWhatComesBeforeOnce() {
      String plan =
          deduplicated(documents.table(3), "{}").queryExecution().executedPlan().toString();
      assertThat(IntStream.range(0, plan.length()).filter(i -> plan.startsWith("TableScan", i)))
          .hasSize(1);
      assertThat(plan).doesNotContain("Join");
    }
  }

  @Test
  void startsNoSparkJob() {
    Dataset<Row> table = Documents.of("a", "a").table();
    assertThat(Outcome.jobsStartedBy(() -> deduplicated(table, "{}"))).isZero();
  }
}
