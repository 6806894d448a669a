package org.trainyard.dataprep.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.curate.kernel.ScriptTable;
import org.trainyard.dataprep.testing.Documents;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.config.ConfigException;

@DisplayName("Mapping one script onto another")
class MapScriptTest {
  private static Dataset<Row> mapped(Dataset<Row> rows, String settings) {
    return Outcome.make(new MapScript(), settings).apply(rows);
  }

  private static String mapped(String text, String settings) {
    return Outcome.byId(mapped(Documents.of(text).table(), settings), "text").get("d0");
  }

  @Test
  void writesArabicWordsInHebrewLetters() {
    assertThat(mapped("سلام", "{}")).isEqualTo("סלאמ");
    assertThat(mapped("كتب الكتاب", "{}")).isEqualTo("כתב אלכתאב");
  }

  @Test
  void leavesEverythingElseAsItIs() {
    assertThat(mapped("שלום, world 12 ١٢ \u064E؟ 😀", "{}"))
        .isEqualTo("שלום, world 12 ١٢ \u064E؟ 😀");
    assertThat(mapped("سلام", "{table: none}")).isEqualTo("سلام");
  }

  @Test
  void knowsEveryLetterOfTheArabicAlphabet() {
    for (char letter = '\u0621'; letter <= '\u064A'; letter++) {
      boolean alphabet = letter <= '\u063A' || letter >= '\u0641';
      assertThat(ScriptTable.ARABIC_TO_HEBREW.letters().containsKey(String.valueOf(letter)))
          .as(String.valueOf(letter))
          .isEqualTo(alphabet);
    }
    assertThat(ScriptTable.ARABIC_TO_HEBREW.letters().values()).allMatch(to -> to.length() == 1);
  }

  @Test
  void putsFinalFormsAtTheEndsOfWordsIfAsked() {
    assertThat(mapped("سلام كتب من\u064E.", "{final-forms: true}")).isEqualTo("סלאם כתב מן\u064E.");
    assertThat(mapped("שלומ", "{final-forms: true}")).isEqualTo("שלומ");
  }

  @Test
  void joinsLaoVowelsWrittenInTwoPieces() {
    assertThat(mapped("\u0E99\u0ECD\u0EB2 \u0E99\u0ECD\u0EC9\u0EB2", "{table: lao-vowels}"))
        .isEqualTo("\u0E99\u0EB3 \u0E99\u0EC9\u0EB3");
  }

  @Test
  void takesLettersOfOnesOwnBeforeThoseOfTheTable() {
    assertThat(mapped("Straße þing", "{table: none, letters: {ß: ss, þ: th, þin: tin}}"))
        .isEqualTo("Strasse ting");
    assertThat(mapped("غ", "{letters: {غ: ג}}")).isEqualTo("ג");
  }

  @Test
  void touchesNoRejectedRow() {
    Documents table = Documents.of("سلام", "").rejected("gone", "سلام", "language");
    assertThat(Outcome.byId(mapped(table.table(), "{}"), "text"))
        .isEqualTo(Map.of("d0", "סלאמ", "d1", "", "gone", "سلام"));
  }

  @Test
  void isTheSameUnderAnyPartitioning() {
    Documents table = Documents.of("سلام", "كتب", "x", "من");
    assertThat(Outcome.everything(mapped(table.table(3), "{}")))
        .isEqualTo(Outcome.everything(mapped(table.table(), "{}")));
  }

  @Test
  void refusesToReplaceNothing() {
    assertThatThrownBy(() -> Outcome.make(new MapScript(), "{letters: {'': x}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot replace the empty text");
  }
}
