package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;

@DisplayName("Encoding documents")
class EncodeTest {
  @TempDir Path folder;

  private static final String COLUMNS = "id string, text string, language string, licence string";

  private static Map<String, Object> document(String id, String text, String language) {
    Map<String, Object> document = new HashMap<>();
    document.put("id", id);
    document.put("text", text);
    document.put("language", language);
    document.put("licence", "CC0-1.0");
    return document;
  }

  private TestPipeline encode(
      List<Map<String, Object>> documents, int partitions, String settings) {
    Path file = TestPipeline.rows(folder.resolve("documents.json"), documents);
    return TestPipeline.run(
        folder.resolve("p" + partitions + settings.hashCode()),
        """
        documents: {use: json-rows, path: %s, columns: "%s", partitions: %d}
        learn: {use: learn-tokenizer, tokenizer: bytes}
        encode: {from: {documents: documents, tokenizer: learn}%s}
        """
            .formatted(file, COLUMNS, partitions, settings));
  }

  private static List<String> ids(TestPipeline run) {
    return run.rows("encode", "tokens").stream()
        .map(row -> row.<String>getAs("id"))
        .sorted()
        .toList();
  }

  @Test
  void makesOneExampleOfAShortDocument() {
    TestPipeline run = encode(List.of(document("d", "añb", "es")), 1, "");

    Row row = run.rows("encode", "tokens").get(0);
    assertThat(row.<String>getAs("id")).isEqualTo("d");
    assertThat(row.getList(row.fieldIndex("tokens")))
        .isEqualTo(List.of(2 + 'a', 2 + 0xC3, 2 + 0xB1, 2 + 'b'));
    assertThat(row.<Integer>getAs("length")).isEqualTo(4);
    assertThat(row.<Integer>getAs("bytes")).isEqualTo(4);
    assertThat(row.<String>getAs("licence")).isEqualTo("CC0-1.0");
  }

  @Nested
  class CutsLongDocuments {
    @Test
    void intoWindowsWhoseBytesAddUp() {
      TestPipeline run =
          encode(
              List.of(document("long", "x".repeat(25), "en"), document("short", "yy", "en")),
              2,
              ", max-length: 10");

      assertThat(ids(run)).containsExactly("long#0", "long#1", "long#2", "short");
      assertThat(run.metric("encode", "examples")).isEqualTo(4);
      assertThat(run.metric("encode", "bytes")).isEqualTo(27);
      assertThat(run.metric("encode", "longest")).isEqualTo(10);
      assertThat(run.metric("encode", "bytes_per_unit")).isEqualTo(1);
    }

    @Test
    void andRejectsWhatIsTooShort() {
      TestPipeline run =
          encode(
              List.of(document("long", "x".repeat(21), "en"), document("short", "yy", "en")),
              1,
              ", max-length: 10, min-length: 2");

      assertThat(ids(run)).containsExactly("long#0", "long#1", "short");
      assertThat(run.rejected("encode")).containsExactly(Map.entry("encode.too-short", 1L));
    }
  }

  @Test
  void rejectsDocumentsWithoutText() {
    TestPipeline run =
        encode(
            List.of(document("a", "", "en"), document("b", null, "en"), document("c", "c", "en")),
            1,
            "");

    assertThat(ids(run)).containsExactly("c");
    assertThat(run.rejected("encode")).containsExactly(Map.entry("encode.empty", 2L));
  }

  @Nested
  class Labels {
    private final List<Map<String, Object>> documents =
        List.of(
            document("1", "hei", "no"),
            document("2", "hello", "en"),
            document("3", "hallo", "de"),
            document("4", "hi", "en"));

    @Test
    void areNumberedInSortedOrderAndSayTheirNames() {
      TestPipeline run = encode(documents, 3, ", label: language");

      assertThat(run.text("encode", "labels", "labels.json")).contains("\"de\", \"en\", \"no\"");
      assertThat(run.metric("encode", "classes")).isEqualTo(3);
      assertThat(TokenTable.labels(run.table("encode", "tokens").schema(), "tokens"))
          .containsExactly("de", "en", "no");
      List<Integer> numbers = new ArrayList<>();
      for (Row row :
          run.table("encode", "tokens").read(TestPipeline.spark()).orderBy("id").collectAsList()) {
        numbers.add(row.getAs("label"));
      }
      assertThat(numbers).containsExactly(2, 1, 0, 1);
    }

    @Test
    void ofOtherDocumentsCanBeTakenOver() {
      Path file = TestPipeline.rows(folder.resolve("train.json"), documents);
      Path heldOut =
          TestPipeline.rows(
              folder.resolve("held-out.json"),
              List.of(
                  document("5", "nei", "no"),
                  document("6", "oui", "fr"),
                  document("7", "?", null)));
      TestPipeline run =
          TestPipeline.run(
              folder.resolve("both"),
              """
              train: {use: json-rows, path: %s, columns: "%s"}
              held-out: {use: json-rows, path: %s, columns: "%s", max-rejects: 1}
              learn: {use: learn-tokenizer, from: train, tokenizer: bytes}
              encode-train: {use: encode, from: {documents: train, tokenizer: learn}, label: language}
              encode-held-out:
                use: encode
                from: {documents: held-out, tokenizer: learn, labels: encode-train.labels}
                label: language
              """
                  .formatted(file, COLUMNS, heldOut, COLUMNS));

      List<Row> rows = run.rows("encode-held-out", "tokens");
      assertThat(rows).hasSize(1);
      assertThat(rows.get(0).<Integer>getAs("label")).isEqualTo(2);
      assertThat(run.rejected("encode-held-out"))
          .containsExactly(
              Map.entry("encode-held-out.no-label", 1L),
              Map.entry("encode-held-out.unknown-label", 1L));
    }
  }

  @Test
  void saysWhatItsTokensMean() {
    TestPipeline run = encode(List.of(document("d", "x", "en")), 1, "");

    TokenTable.Facts facts = TokenTable.facts(run.table("encode", "tokens").schema(), "tokens");
    assertThat(facts.vocabulary()).isEqualTo(258);
    assertThat(facts.begin()).isEqualTo(1);
    assertThat(facts.pad()).isZero();
    assertThat(facts.tokenizer()).hasSize(16);
  }

  @Test
  void givesTheSameExamplesUnderAnyPartitioning() {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (int document = 0; document < 30; document++) {
      documents.add(document("d" + document, "word ".repeat(document), "en"));
    }

    List<String> one =
        encode(documents, 1, ", max-length: 16").rows("encode", "tokens").stream()
            .map(Row::toString)
            .toList();
    List<String> many =
        encode(documents, 7, ", max-length: 16").rows("encode", "tokens").stream()
            .map(Row::toString)
            .toList();

    assertThat(many).isEqualTo(one);
  }

  @Nested
  class Refuses {
    @Test
    void aMinimumAboveTheMaximum() {
      assertThatThrownBy(
              () -> encode(List.of(document("d", "x", "en")), 1, ", min-length: 9, max-length: 8"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("encode.min-length: must be at most max-length (8), but is 9");
    }

    @Test
    void aLabelThatNobodyHas() {
      assertThatThrownBy(() -> encode(List.of(document("d", "x", null)), 1, ", label: language"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("has no value in any document");
    }
  }
}
