package org.trainyard.dataprep.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.testing.Documents;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;

@DisplayName("Paragraphs")
class ParagraphsTest {
  private static final Documents TABLE =
      Documents.of("\nfirst one\nstill first\n \t\n\n second \n\nx\n", "alone", "")
          .rejected("gone", "not\n\ntouched", "language");

  private static Dataset<Row> expanded(Dataset<Row> rows, String settings) {
    return Outcome.make(new Paragraphs(), settings).apply(rows);
  }

  @Test
  void becomeRowsWithNumberedIds() {
    assertThat(Outcome.byId(expanded(TABLE.table(), "{}"), "text"))
        .isEqualTo(
            Map.of(
                "d0¶1", "first one\nstill first",
                "d0¶2", "second",
                "d0¶3", "x",
                "d1¶1", "alone",
                "d2¶1", "",
                "gone", "not\n\ntouched"));
  }

  @Test
  void areRejectedWhenShortAndNeverLost() {
    Dataset<Row> result = expanded(TABLE.table(), "{min-characters: 6}");
    assertThat(Outcome.kept(result)).containsExactly("d0¶1", "d0¶2");
    assertThat(Outcome.rejected(result))
        .isEqualTo(
            Map.of(
                "d0¶3", "paragraph-too-short",
                "d1¶1", "paragraph-too-short",
                "d2¶1", "paragraph-too-short",
                "gone", "language"));
    assertThat(Outcome.byId(result, Rejects.DETAIL))
        .containsEntry("d0¶3", "1 characters, at least 6 asked")
        .containsEntry("gone", "earlier");
  }

  @Test
  void areTheSameUnderAnyPartitioning() {
    assertThat(Outcome.everything(expanded(TABLE.table(3), "{}")))
        .isEqualTo(Outcome.everything(expanded(TABLE.table(), "{}")));
  }

  @Test
  void areMadeWithoutASparkJobAndSayThatRowsGrow() {
    Dataset<Row> table = TABLE.table();
    Stage stage = Outcome.make(new Paragraphs(), "{}");
    assertThat(Outcome.jobsStartedBy(() -> stage.apply(table))).isZero();
    assertThat(stage.expands()).isTrue();
  }
}
