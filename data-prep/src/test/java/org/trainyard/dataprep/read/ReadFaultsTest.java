package org.trainyard.dataprep.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.trainyard.dataprep.read.Reading.bytes;
import static org.trainyard.dataprep.read.Reading.gzip;
import static org.trainyard.dataprep.read.Reading.read;
import static org.trainyard.dataprep.read.Reading.write;
import static org.trainyard.dataprep.read.Reading.zstd;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.record.StorageException;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("Reading faulty input")
class ReadFaultsTest {
  @TempDir Path folder;

  private static Map<String, String> details(Dataset<Row> rows) {
    return Outcome.byId(rows, Rejects.DETAIL);
  }

  @Nested
  class RejectsDocuments {
    @Test
    void whoseUtf8IsBroken() throws IOException {
      byte[] broken = bytes("abc?");
      broken[3] = (byte) 0xC3;
      write(folder.resolve("a.txt"), broken);
      write(folder.resolve("b.html"), broken);
      byte[] line = bytes("{\"text\": \"good\"}\n{\"text\": \"?\"}\n{\"text\": \"good\"}");
      line[27] = (byte) 0xFF;
      write(folder.resolve("c.jsonl"), line);
      Dataset<Row> rows = read("", folder);
      assertThat(Outcome.rejected(rows))
          .isEqualTo(
              Map.of("a.txt", "broken-utf8", "b.html", "broken-utf8", "c.jsonl#17", "broken-utf8"));
      assertThat(details(rows))
          .containsEntry("a.txt", "byte 3 is 0xC3 in the file")
          .containsEntry("c.jsonl#17", "byte 10 is 0xFF in the line");
      assertThat(Outcome.kept(rows)).containsExactly("c.jsonl#0", "c.jsonl#31");
    }

    @Test
    void whoseJsonIsBroken() throws IOException {
      write(
          folder.resolve("a.jsonl"),
          "{\"text\": \"a\"\n[1]\n{\"text\": \"\\ud83d\"}\n{\"text\": \"good\"}");
      Dataset<Row> rows = read("", folder);
      assertThat(Outcome.rejected(rows))
          .isEqualTo(
              Map.of(
                  "a.jsonl#0", "broken-json",
                  "a.jsonl#13", "broken-json",
                  "a.jsonl#17", "broken-json"));
      assertThat(details(rows))
          .containsEntry("a.jsonl#13", "no JSON object, but a list")
          .containsEntry("a.jsonl#17", "field 'text' holds half a surrogate pair");
    }

    @Test
    void thatLackAField() throws IOException {
      write(
          folder.resolve("a.jsonl"),
          "{\"body\": \"a\", \"id\": 1}\n{\"text\": 5, \"id\": 2}\n{\"text\": \"a\"}");
      Dataset<Row> rows = read("id-field: id", folder);
      assertThat(Outcome.rejected(rows))
          .isEqualTo(
              Map.of("1", "missing-field", "2", "missing-field", "a.jsonl#44", "missing-field"));
      assertThat(details(rows))
          .containsEntry("1", "no field 'text'; there are body, id")
          .containsEntry("2", "field 'text' is a number")
          .containsEntry("a.jsonl#44", "no field 'id'; there are text");
    }

    @Test
    void thatAreEmpty() throws IOException {
      write(folder.resolve("a.txt"), "");
      write(folder.resolve("b.jsonl"), "{\"text\": \" \\n\"}");
      write(folder.resolve("c.html"), "<script>x</script>");
      assertThat(Outcome.rejected(read("", folder)))
          .isEqualTo(Map.of("a.txt", "empty", "b.jsonl#0", "empty", "c.html", "empty"));
    }

    @Test
    void thatAreTooLarge() throws IOException {
      write(folder.resolve("a.txt"), "x".repeat(21));
      write(folder.resolve("b.txt.gz"), gzip("x".repeat(5000)));
      write(folder.resolve("c.jsonl"), "{\"text\": \"ok\"}\n{\"text\": \"too long!\"}\n");
      Dataset<Row> rows = read("max-document-bytes: 20", folder);
      assertThat(Outcome.rejected(rows))
          .isEqualTo(
              Map.of("a.txt", "too-large", "b.txt.gz", "too-large", "c.jsonl#15", "too-large"));
      assertThat(details(rows))
          .containsEntry("a.txt", "21 bytes, at most 20 allowed")
          .containsEntry("b.txt.gz", "5000 bytes, at most 20 allowed")
          .containsEntry("c.jsonl#15", "21 bytes, at most 20 allowed");
    }

    @Test
    void thatAreFarTooLargeWithoutReadingThem() throws IOException {
      try (RandomAccessFile file = new RandomAccessFile(folder.resolve("a.txt").toFile(), "rw")) {
        file.setLength(1L << 40);
      }
      assertThat(details(read("", folder)))
          .containsEntry("a.txt", "1099511627776 bytes, at most 16777216 allowed");
    }

    @Test
    void ofParquetToo() {
      TestSpark.session()
          .sql(
              "select * from values (cast('good' as binary)), (X'61ff'), (null), (X'20'),"
                  + " (cast('too long' as binary)) as t(text)")
          .coalesce(1)
          .write()
          .parquet(folder.resolve("table").toString());
      Dataset<Row> rows = read("max-document-bytes: 7", folder);
      assertThat(Outcome.rejected(rows).values())
          .containsExactly("broken-utf8", "missing-field", "empty", "too-large");
      assertThat(details(rows).values())
          .contains("byte 1 is 0xFF in the text", "column 'text' is null");
    }
  }

  @Nested
  class EndsWithOneLine {
    @TempDir Path other;

    private void fails(Path file, String message) {
      fails("", file, message);
    }

    private void fails(String settings, Path file, String message) {
      fails(() -> read(settings, folder), file, message);
    }

    private static void fails(Supplier<Dataset<Row>> reading, Path file, String message) {
      Throwable thrown = catchThrowable(() -> reading.get().collectAsList());
      while (thrown != null && !(thrown instanceof DataException)) {
        thrown = thrown.getCause();
      }
      assertThat(thrown).isNotNull().hasMessageStartingWith("file:" + file + ": " + message);
      assertThat(thrown.getMessage().lines()).hasSize(1);
    }

    private Path cut(String name, byte[] whole) throws IOException {
      return write(folder.resolve(name), Arrays.copyOf(whole, whole.length - 9));
    }

    @Test
    void forACutOffGzipFile() throws IOException {
      fails(
          cut("a.jsonl.gz", gzip("{\"text\": \"a\"}\n".repeat(1000))),
          "was cut off: the compressed data ends too early. Copy it again, or leave it out of paths.");
    }

    @Test
    void forAnEmptyGzipFile() throws IOException {
      fails(write(folder.resolve("a.txt.gz"), ""), "was cut off");
    }

    @Test
    void forACutOffZstdFile() throws IOException {
      fails(
          cut("a.jsonl.zst", zstd("{\"text\": \"a\"}\n".repeat(1000))),
          "is damaged or was cut off: ");
    }

    @Test
    void forFilesThatAreNotWhatTheirNamesSay() throws IOException {
      Path gzip = write(folder.resolve("a.txt.gz"), "plain text");
      fails(gzip, "is damaged or was cut off: no gzip header where one should be.");
      Files.delete(gzip);
      Path zstd = write(folder.resolve("a.txt.zst"), "plain text");
      fails(zstd, "is damaged or was cut off: ");
      Files.delete(zstd);
      fails(
          write(folder.resolve("a.parquet"), "plain text, long enough"),
          "is no whole Parquet file");
    }

    private Path parquet() throws IOException {
      TestSpark.session()
          .sql("select 'some text' as body, 1 as id, array(1) as list")
          .coalesce(1)
          .write()
          .parquet(other.resolve("table").toString());
      Path file = folder.resolve("whole.parquet");
      try (Stream<Path> parts = Files.list(other.resolve("table"))) {
        Files.move(parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().get(), file);
      }
      return file;
    }

    @Test
    void forACutOffParquetFile() throws IOException {
      Path whole = parquet();
      Path cut = cut("cut.parquet", Files.readAllBytes(whole));
      Files.delete(whole);
      fails(cut, "is no whole Parquet file: ");
    }

    @Test
    void forAParquetFileWithoutTheColumn() throws IOException {
      Path file = parquet();
      fails(file, "column 'text' is missing; the file has body, id, list. Set text-field,");
      fails("text-field: list", file, "column 'list' is a group, not a single value.");
    }

    @Test
    void forANameThatDoesNotTellTheFormat() throws IOException {
      fails(
          write(folder.resolve("a.pdf"), "x"),
          "the name does not tell the format. Set format to text, jsonl, parquet or html");
    }

    @Test
    void forAFileThatWentAway() throws IOException {
      Path file = write(folder.resolve("a.txt"), "x");
      Source source = Reading.source("", folder);
      List<InputFile> files = Reading.files(source);
      Files.delete(file);
      fails(() -> source.open(TestSpark.session(), files), file, "is gone. Run again.");
    }
  }

  @Test
  void storageThatFailsIsNotCalledWrongData() {
    assertThat(FileFaults.of("s3a://bucket/a.txt", new IOException("connection reset\nby peer")))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "Cannot read s3a://bucket/a.txt: connection reset. Check that the storage is up, and run"
                + " again.");
    assertThat(
            FileFaults.of("file:/a.txt", new FileNotFoundException("/a.txt (Permission denied)")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("file:/a.txt: may not be read.");
  }
}
