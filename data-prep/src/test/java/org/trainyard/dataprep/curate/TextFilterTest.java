package org.trainyard.dataprep.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.dataprep.testing.Documents;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;

@DisplayName("Quality filters on tables")
class TextFilterTest {
  private static final String PROSE =
      """
      It is a truth well known to all of us that those who have much to do with books seldom stay.
      They go away, and come back with the seasons, to be asked again why they had left at all.
      Nobody ever thought that such a custom would last, or be of any use to the people there.
      Yet here we are, many years later, and you may still have your tea with one of them!
      """;

  private static final Documents TABLE =
      Documents.of(PROSE, "buy now ".repeat(60), "Home\nAbout\nContact\n".repeat(20), PROSE + "#")
          .rejected("gone", "too short", "exact-duplicate");

  static List<Stage> filters() {
    return List.of(
        Outcome.make(new GopherQuality(), "{}"),
        Outcome.make(new GopherRepetition(), "{}"),
        Outcome.make(new FineWebQuality(), "{}"));
  }

  private static Dataset<Row> all(Dataset<Row> rows) {
    Dataset<Row> left = rows;
    for (Stage filter : filters()) {
      left = filter.apply(left);
    }
    return left;
  }

  @Test
  void markWhatTheyRejectAndLeaveTheRestAlone() {
    Dataset<Row> result = all(TABLE.table());
    assertThat(Outcome.kept(result)).containsExactly("d0", "d3");
    assertThat(Outcome.rejected(result))
        .hasSize(3)
        .containsEntry("d1", "gopher-few-stop-words")
        .containsEntry("d2", "gopher-few-stop-words")
        .containsEntry("gone", "exact-duplicate");
    assertThat(result.columns()).containsExactly("id", "text", Rejects.REASON, Rejects.DETAIL);
  }

  @Test
  void takeTheRestWhereOneIsSwitchedOff() {
    Dataset<Row> quality =
        Outcome.make(new GopherQuality(), "{stop-words: 0}").apply(TABLE.table());
    assertThat(Outcome.kept(quality)).containsExactly("d0", "d1", "d2", "d3");
    Dataset<Row> repetition = Outcome.make(new GopherRepetition(), "{}").apply(quality);
    assertThat(Outcome.rejected(repetition))
        .containsEntry("d1", "gopher-top-2-gram")
        .containsEntry("d2", "gopher-duplicate-lines");
  }

  @Test
  void giveTheSameResultUnderAnyPartitioning() {
    List<String> expected = Outcome.everything(all(TABLE.table()));
    assertThat(Outcome.everything(all(TABLE.table(5)))).isEqualTo(expected);
    assertThat(Outcome.everything(all(TABLE.table(2)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("filters")
  void startNoSparkJob(Stage filter) {
    Dataset<Row> table = TABLE.table();
    assertThat(Outcome.jobsStartedBy(() -> filter.apply(table))).isZero();
  }
}
