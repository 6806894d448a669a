package org.trainyard.dataprep.read;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.testing.TestSpark;

/** Writes little files and reads them as a pipeline would. */
final class Reading {
  private Reading() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  static Path write(Path file, String content) throws IOException {
    return write(file, bytes(content));
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(bytes(text));
    }
    return bytes.toByteArray();
  }

  static byte[] zstd(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      out.write(bytes(text));
    }
    return bytes.toByteArray();
  }

  /** The documents below paths; more settings as the inside of a YAML block. */
  static Dataset<Row> read(String settings, Path... paths) {
    Source source = source(settings, paths);
    return source.open(TestSpark.session(), files(source));
  }

  static Source source(String settings, Path... paths) {
    List<String> quoted = List.of(paths).stream().map(path -> "'" + path + "'").toList();
    String comma = settings.isEmpty() ? "" : ", ";
    return Outcome.make(new ReadDocuments(), "{paths: " + quoted + comma + settings + "}");
  }

  static List<InputFile> files(Source source) {
    return new Storage(TestSpark.session().sparkContext().hadoopConfiguration())
        .resolve(source.paths(), "step.paths");
  }
}
