package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.run.Keys;

/** What an output folder holds for those who read it: its records and what they name. */
final class Made {
  private static final Pattern SOURCE_FOLDER = Pattern.compile("(\"source\":\")[^\"]*/");

  private final Storage storage;
  private final SortedMap<Path, StepRecord> versions = new TreeMap<>();

  /** Reads all records below an output folder, on any file system. */
  Made(Configuration configuration, String output) {
    this.storage = new Storage(configuration);
    for (FileStatus step : storage.children(new Path(output))) {
      for (FileStatus version : storage.children(step.getPath())) {
        storage
            .read(new Path(version.getPath(), StepRecord.FILE))
            .ifPresent(text -> versions.put(version.getPath(), Json.read(text, StepRecord.class)));
      }
    }
  }

  /** The record of every step, the last version of each. */
  SortedMap<String, StepRecord> records() {
    SortedMap<String, StepRecord> records = new TreeMap<>();
    versions.values().forEach(record -> records.put(record.step(), record));
    return records;
  }

  /** The files of an output. */
  List<Path> files(String step, String output) {
    Path version = version(step);
    return versions.get(version).output(output).files().stream()
        .map(file -> new Path(version, file.path()))
        .toList();
  }

  private Path version(String step) {
    return versions.entrySet().stream()
        .filter(entry -> entry.getValue().step().equals(step))
        .map(Map.Entry::getKey)
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  /** Every file that a record names is there, as long and with as many rows as it says. */
  void requireWhole() throws IOException {
    for (Map.Entry<Path, StepRecord> entry : versions.entrySet()) {
      for (Output output : entry.getValue().outputs().values()) {
        List<FileEntry> named = new ArrayList<>(output.files());
        named.addAll(output.rejects());
        for (FileEntry file : named) {
          requireWhole(new Path(entry.getKey(), file.path()), file);
        }
        if (output.kind() == Output.Kind.TABLE) {
          assertThat(output.files().stream().mapToLong(FileEntry::rows).sum())
              .isEqualTo(output.rows());
        }
      }
    }
  }

  private void requireWhole(Path path, FileEntry file) throws IOException {
    FileStatus status =
        path.getFileSystem(storage.configuration()).getFileStatus(path); // fails if it is gone
    assertThat(status.getLen()).as(path.toString()).isEqualTo(file.bytes());
    if (file.path().endsWith(".parquet")) {
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromStatus(status, storage.configuration()))) {
        assertThat(reader.getRecordCount()).as(path.toString()).isEqualTo(file.rows());
      }
    }
  }

  /**
   * All that tells neither of time nor of place: counts, and hashes of sorted rows and of the bytes
   * of artifacts. A key is no part of it, nor the folder of a row's source.
   */
  SortedMap<String, String> content(SparkSession spark) {
    SortedMap<String, String> content = new TreeMap<>();
    versions.forEach(
        (version, record) -> {
          content.put(record.step() + " rows", record.rows().toString());
          record
              .outputs()
              .forEach(
                  (name, output) -> {
                    String shown = record.step() + "." + name;
                    if (output.kind() == Output.Kind.TABLE) {
                      content.put(shown, rows(new Table(version, record, name), spark));
                    } else {
                      content.putAll(bytes(shown, version, output));
                    }
                  });
        });
    return content;
  }

  private static String rows(Table table, SparkSession spark) {
    List<String> rows = new ArrayList<>(table.read(spark).toJSON().collectAsList());
    rows.addAll(table.rejects(spark).toJSON().collectAsList());
    rows.replaceAll(row -> SOURCE_FOLDER.matcher(row).replaceAll("$1"));
    rows.sort(null);
    return Keys.sha256(String.join("\n", rows)) + " of " + rows.size();
  }

  private SortedMap<String, String> bytes(String name, Path version, Output output) {
    SortedMap<String, String> files = new TreeMap<>();
    for (FileEntry file : output.files()) {
      if (file.path().endsWith("history.jsonl")) {
        continue; // It tells how long each round took.
      }
      Path path = new Path(version, file.path());
      try (FSDataInputStream in = path.getFileSystem(storage.configuration()).open(path)) {
        byte[] bytes = in.readAllBytes();
        String relative = file.path().substring(output.folder().length());
        files.put(name + relative, Arrays.hashCode(bytes) + " of " + bytes.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }
}
