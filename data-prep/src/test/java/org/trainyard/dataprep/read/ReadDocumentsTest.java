package org.trainyard.dataprep.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.trainyard.dataprep.read.Reading.gzip;
import static org.trainyard.dataprep.read.Reading.read;
import static org.trainyard.dataprep.read.Reading.write;
import static org.trainyard.dataprep.read.Reading.zstd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("Reading documents")
class ReadDocumentsTest {
  @TempDir Path folder;

  private static Map<String, String> texts(Dataset<Row> rows) {
    return Outcome.byId(rows.where(Rejects.alive()), "text");
  }

  @Nested
  class FromTextFiles {
    @Test
    void takesEachFileAsOneDocument() throws IOException {
      write(folder.resolve("a.txt"), "\uFEFFfirst\nfile\n");
      write(folder.resolve("deep/b.md"), "second");
      write(folder.resolve("c.txt.gz"), gzip("third"));
      write(folder.resolve("d.txt.zst"), zstd("fourth"));
      assertThat(texts(read("", folder)))
          .isEqualTo(
              Map.of(
                  "a.txt", "first\nfile\n",
                  "deep/b.md", "second",
                  "c.txt.gz", "third",
                  "d.txt.zst", "fourth"));
    }

    @Test
    void tellsSourceAndLicence() throws IOException {
      Path file = write(folder.resolve("deep/a.txt"), "text");
      Dataset<Row> rows = read("licence: CC0-1.0", folder);
      assertThat(rows.columns())
          .containsExactly("id", "text", "source", "licence", Rejects.REASON, Rejects.DETAIL);
      assertThat(Outcome.byId(rows, "source")).containsEntry("deep/a.txt", "file:" + file);
      assertThat(Outcome.byId(rows, "licence")).containsEntry("deep/a.txt", "CC0-1.0");
    }

    @Test
    void takesTheFirstLicenceWhoseGlobMatches() throws IOException {
      write(folder.resolve("speeches/a.txt"), "text");
      write(folder.resolve("speeches/new/b.txt"), "text");
      write(folder.resolve("c.txt"), "text");
      Dataset<Row> rows = read("licences: {'*/new/*': MIT, '*/speeches/*': CC0-1.0}", folder);
      assertThat(Outcome.byId(rows, "licence"))
          .isEqualTo(
              Map.of("speeches/a.txt", "CC0-1.0", "speeches/new/b.txt", "MIT", "c.txt", "unknown"));
    }

    @Test
    void tellsFilesOfOneNameApart() throws IOException {
      write(folder.resolve("x/a.txt"), "one");
      write(folder.resolve("y/a.txt"), "two");
      assertThat(texts(read("", folder.resolve("*/a.txt"))))
          .isEqualTo(Map.of("x/a.txt", "one", "y/a.txt", "two"));
    }
  }

  @Nested
  class FromJsonLines {
    private static final String LINES =
        """
        {"text": "first", "id": "x1", "lang": "en", "year": 1999}

        {"text": "zweite \\u00e4", "id": 2, "lang": null}
        """;

    @Test
    void takesEachLineAsOneDocumentNamedByItsOffset() throws IOException {
      write(folder.resolve("a.jsonl"), LINES);
      assertThat(texts(read("", folder)))
          .isEqualTo(Map.of("a.jsonl#0", "first", "a.jsonl#59", "zweite ä"));
    }

    @Test
    void readsCompressedLinesOfOneOrManyMembers() throws IOException {
      byte[] first = gzip("{\"text\": \"one\"}\n");
      byte[] second = gzip("{\"text\": \"two\"}\n");
      byte[] both = new byte[first.length + second.length];
      System.arraycopy(first, 0, both, 0, first.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      write(folder.resolve("a.jsonl.gz"), both);
      write(folder.resolve("b.jsonl.zst"), zstd("{\"text\": \"three\"}"));
      assertThat(texts(read("", folder)))
          .isEqualTo(
              Map.of("a.jsonl.gz#0", "one", "a.jsonl.gz#16", "two", "b.jsonl.zst#0", "three"));
    }

    @Test
    void keepsIdLicenceAndOtherFields() throws IOException {
      write(folder.resolve("a.jsonl"), LINES);
      Dataset<Row> rows =
          read("id-field: id, keep-fields: [lang as label, year], licence-field: lang", folder);
      assertThat(Outcome.byId(rows, "label")).containsEntry("x1", "en").containsEntry("2", null);
      assertThat(Outcome.byId(rows, "year")).containsEntry("x1", "1999").containsEntry("2", null);
      assertThat(Outcome.byId(rows, "licence")).isEqualTo(Map.of("x1", "en", "2", "unknown"));
    }

    @Test
    void readsTheSameInSlicesOfAnySize() throws IOException {
      StringBuilder lines = new StringBuilder("\uFEFF");
      for (int i = 0; i < 40; i++) {
        lines.append("{\"text\": \"").append("ä".repeat(i)).append(i).append("\"}\r\n");
      }
      write(folder.resolve("a.jsonl"), lines.toString());
      write(folder.resolve("b.jsonl"), "{\"text\": \"no line feed\"}");
      List<String> whole = Outcome.everything(read("", folder));
      assertThat(whole).hasSize(41);
      for (int bytes : new int[] {7, 64, 1000}) {
        Dataset<Row> sliced = read("slice-bytes: " + bytes, folder);
        assertThat(Outcome.everything(sliced)).as("%d bytes", bytes).isEqualTo(whole);
      }
      assertThat(read("slice-bytes: 64", folder).javaRDD().getNumPartitions()).isGreaterThan(20);
    }
  }

  @Nested
  class FromParquet {
    private void table(String settings) {
      TestSpark.session()
          .range(3000)
          .selectExpr(
              "concat('text ', id, ' ', repeat('x', 50)) as text",
              "id as number",
              "if(id % 2 = 0, 'even', null) as label",
              "date '2020-01-01' as day",
              "array(1) as list")
          .coalesce(1)
          .write()
          .option("parquet.block.size", settings)
          .mode("overwrite")
          .parquet(folder.resolve("table").toString());
    }

    @Test
    void takesEachRowAsOneDocumentNamedByItsNumber() {
      table("10000000");
      Dataset<Row> rows = read("id-field: number, keep-fields: [label, day]", folder);
      assertThat(rows.count()).isEqualTo(3000);
      assertThat(texts(rows.where("id = '17'"))).containsEntry("17", "text 17 " + "x".repeat(50));
      assertThat(Outcome.byId(rows.where("id < 2"), "label"))
          .containsEntry("0", "even")
          .containsEntry("1", null);
      assertThat(Outcome.byId(rows.where("id = 5"), "day")).containsEntry("5", "2020-01-01");
      assertThat(texts(read("", folder).where("id like '%#2999'")).values())
          .containsExactly("text 2999 " + "x".repeat(50));
    }

    @Test
    void readsTheSameInSlicesOfAnySize() {
      table("20000");
      List<String> whole = Outcome.everything(read("", folder));
      assertThat(whole).hasSize(3000);
      Dataset<Row> sliced = read("slice-bytes: 2000", folder);
      assertThat(sliced.javaRDD().getNumPartitions()).isGreaterThan(3);
      assertThat(Outcome.everything(sliced)).isEqualTo(whole);
    }
  }

  @Nested
  class FromHtml {
    private static final String SENTENCE =
        "Überall in der Stadt läuteten die Glocken, und niemand wusste, wer es ihnen gesagt hatte.";

    @Test
    void takesTheMainTextOfEachPage() throws IOException {
      String page = "<nav>Menü</nav><p>" + SENTENCE + "</p><p>Ende.</p>";
      write(folder.resolve("a.html"), page);
      write(folder.resolve("b.htm.gz"), gzip(page));
      assertThat(texts(read("", folder)).values())
          .containsExactly(SENTENCE + "\n\nEnde.", SENTENCE + "\n\nEnde.");
    }

    @Test
    void readsTheCharacterSetThatThePageNames() throws IOException {
      String page = "<meta charset=iso-8859-1><p>" + SENTENCE;
      write(folder.resolve("a.html"), page.getBytes(StandardCharsets.ISO_8859_1));
      write(folder.resolve("b.html"), ("\uFEFF<p>" + SENTENCE).getBytes(StandardCharsets.UTF_16));
      assertThat(texts(read("", folder)).values()).containsExactly(SENTENCE, SENTENCE);
    }
  }

  @Nested
  class FromAnyFile {
    @Test
    void takesTheFormatThatIsSetWhateverTheName() throws IOException {
      write(folder.resolve("part-0"), "{\"body\": \"text\"}");
      assertThat(texts(read("format: jsonl, text-field: body", folder)))
          .isEqualTo(Map.of("part-0#0", "text"));
    }

    @Test
    void startsNoSparkJobAndPromisesTheColumnsItGives() throws IOException {
      write(folder.resolve("a.jsonl"), "{\"text\": \"a\"}");
      Source source = Reading.source("keep-fields: [x]", folder);
      List<InputFile> files = Reading.files(source);
      TestSpark.session().range(1).count();
      assertThat(Outcome.jobsStartedBy(() -> source.open(TestSpark.session(), files))).isZero();
      assertThat(
              source.open(TestSpark.session(), files).drop(Rejects.REASON, Rejects.DETAIL).schema())
          .isEqualTo(source.columns().adds());
    }

    @Test
    void mayStopBeforeTheEnd() throws IOException {
      write(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n".repeat(100));
      assertThat(read("", folder).limit(1).collectAsList()).hasSize(1);
    }
  }

  @Nested
  class WithWrongSettings {
    private void fails(String settings, String message) {
      assertThatThrownBy(() -> Reading.source(settings, folder))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(message);
    }

    @Test
    void saysWhichKeyIsWrong() {
      fails("text-field: ''", "step.text-field: must name a field");
      fails("keep-fields: [text]", "step.keep-fields: column 'text' is taken");
      fails("keep-fields: [a b]", "step.keep-fields: 'a b' is no column name; write 'a b as");
      fails("keep-fields: [a, b as a]", "step.keep-fields: column 'a' is there twice");
      fails("max-document-bytes: 0", "step.max-document-bytes: must be at least 1");
      fails("format: csv", "step.format: must be one of [auto, text, jsonl, parquet, html]");
      assertThatThrownBy(() -> Outcome.make(new ReadDocuments(), "{paths: []}"))
          .hasMessageStartingWith("step.paths: names no file");
    }
  }
}
