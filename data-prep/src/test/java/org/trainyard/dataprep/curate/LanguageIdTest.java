package org.trainyard.dataprep.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.testing.Documents;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.stage.Rejects;

@DisplayName("Language identification")
class LanguageIdTest {
  private static final String ENGLISH =
      "All human beings are born free and equal in dignity and rights. They are endowed with reason "
          + "and conscience and should act towards one another in a spirit of brotherhood. Everyone is "
          + "entitled to all the rights and freedoms set forth in this Declaration, without distinction "
          + "of any kind, such as race, colour, sex, language, religion, political or other opinion, "
          + "national or social origin, property, birth or other status.";
  private static final String FRENCH =
      "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de "
          + "raison et de conscience et doivent agir les uns envers les autres. Chacun peut se prévaloir "
          + "de tous les droits et de toutes les libertés proclamés dans la présente Déclaration, sans "
          + "distinction aucune, notamment de race, de couleur, de sexe, de langue, de religion, "
          + "d'opinion politique ou de toute autre opinion, d'origine nationale ou sociale.";

  private static final Documents TABLE =
      Documents.of(ENGLISH, FRENCH, "1234 5678 90").rejected("gone", FRENCH, "earlier-reason");

  private static Dataset<Row> identified(Dataset<Row> rows, String settings) {
    return Outcome.make(new LanguageId(), settings).apply(rows);
  }

  @Test
  void addsLanguageAndConfidence() {
    Dataset<Row> result = identified(TABLE.table(), "{min-confidence: 0}");
    assertThat(Outcome.byId(result, "language"))
        .containsEntry("d0", "eng")
        .containsEntry("d1", "fra")
        .containsEntry("gone", null);
    assertThat(Outcome.kept(result)).containsExactly("d0", "d1", "d2");
    assertThat(Double.parseDouble(Outcome.byId(result, "language_confidence").get("d0")))
        .isBetween(0.5, 1.0);
  }

  @Test
  void rejectsWhatItIsNotSureOf() {
    Dataset<Row> result = identified(TABLE.table(), "{}");
    assertThat(Outcome.rejected(result))
        .isEqualTo(Map.of("d2", "language-uncertain", "gone", "earlier-reason"));
    assertThat(Outcome.byId(result, Rejects.DETAIL).get("d2"))
        .matches("[a-z]{3} with 0\\.\\d{3}, at least 0\\.5 asked");
  }

  @Test
  void rejectsLanguagesThatAreNotKept() {
    Dataset<Row> result = identified(TABLE.table(), "{keep: [eng, deu]}");
    assertThat(Outcome.kept(result)).containsExactly("d0");
    assertThat(Outcome.rejected(result)).containsEntry("d1", "language");
    assertThat(Outcome.byId(result, Rejects.DETAIL).get("d1"))
        .matches("fra with 0\\.\\d{3}, kept are eng, deu");
  }

  @Test
  void givesTheSameResultUnderAnyPartitioning() {
    assertThat(Outcome.everything(identified(TABLE.table(4), "{keep: [eng]}")))
        .isEqualTo(Outcome.everything(identified(TABLE.table(), "{keep: [eng]}")));
  }

  @Test
  void startsNoSparkJob() {
    Dataset<Row> table = TABLE.table();
    assertThat(Outcome.jobsStartedBy(() -> identified(table, "{keep: [eng]}"))).isZero();
  }

  @Test
  void refusesCodesThatTheModelCannotGive() {
    assertThatThrownBy(() -> Outcome.make(new LanguageId(), "{keep: [en]}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("step.keep: 'en' is not an ISO 639-3 code");
  }
}
