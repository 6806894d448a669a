package org.trainyard.pipeline.run;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Rejects;

/**
 * Writes a table, alive rows and rejects in one pass, and counts what was committed: in the files'
 * footers, never in accumulators, which count a retried task twice.
 */
final class TableWriter {
  private static final String REJECTED = "rejected";
  private static final String LICENCE = "licence";
  private final SparkSession spark;
  private final Storage storage;

  TableWriter(SparkSession spark, Storage storage) {
    this.spark = spark;
    this.storage = storage;
  }

  /**
   * Writes.
   *
   * @param version the version folder, to which all paths of the result are relative
   * @param folder a new folder within it
   */
  Output write(Path version, Path folder, Dataset<Row> rows, List<String> partitionBy) {
    boolean tracked = Arrays.asList(rows.columns()).contains(Rejects.REASON);
    if (tracked) {
      List<String> folders = new ArrayList<>(List.of(REJECTED));
      folders.addAll(partitionBy);
      rows.withColumn(REJECTED, col(Rejects.REASON).isNotNull())
          .write()
          .partitionBy(folders.toArray(String[]::new))
          .parquet(folder.toString());
    } else {
      rows.write()
          .partitionBy(partitionBy.toArray(String[]::new))
          .parquet(new Path(folder, Table.KEPT).toString());
    }
    List<FileEntry> kept = entries(version, new Path(folder, Table.KEPT));
    return new Output(
        Output.Kind.TABLE,
        relative(version, folder),
        schema(rows, partitionBy).json(),
        kept.stream().mapToLong(FileEntry::rows).sum(),
        kept,
        entries(version, new Path(folder, Table.REJECTED)));
  }

  /** The files of an artifact that a job has filled. */
  Output artifact(Path version, Path folder) {
    List<FileEntry> files =
        storage.filesBelow(folder).stream()
            .map(file -> new FileEntry(relative(version, file.getPath()), file.getLen(), 0))
            .toList();
    return new Output(Output.Kind.ARTIFACT, relative(version, folder), "", 0, files, List.of());
  }

  private static StructType schema(Dataset<Row> rows, List<String> partitionBy) {
    List<StructField> fields = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      if (!field.name().startsWith("reject_") && !partitionBy.contains(field.name())) {
        fields.add(nullable(field));
      }
    }
    for (String name : partitionBy) {
      fields.add(nullable(rows.schema().apply(name)));
    }
    return DataTypes.createStructType(fields);
  }

  private static StructField nullable(StructField field) {
    return DataTypes.createStructField(field.name(), field.dataType(), true, field.metadata());
  }

  private List<FileEntry> entries(Path version, Path folder) {
    List<FileStatus> files = storage.filesBelow(folder);
    return files.parallelStream()
        .map(
            file ->
                new FileEntry(relative(version, file.getPath()), file.getLen(), footerRows(file)))
        .filter(entry -> entry.rows() > 0)
        .toList();
  }

  private long footerRows(FileStatus file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, storage.configuration()))) {
      return reader.getRecordCount();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read back %s: %s. Run again.".formatted(file.getPath(), Storage.reason(e)), e);
    }
  }

  private String relative(Path version, Path path) {
    String root = storage.qualified(version.toString()).toString();
    return storage.qualified(path.toString()).toString().substring(root.length() + 1);
  }

  /** Rejected rows by {@code <step>.<reason>}. */
  SortedMap<String, Long> rejectedBy(Table table) {
    SortedMap<String, Long> counts = new TreeMap<>();
    if (!table.output().rejects().isEmpty()) {
      for (Row row :
          table.rejects(spark).groupBy(Rejects.STEP, Rejects.REASON).count().collectAsList()) {
        counts.put(row.getString(0) + "." + row.getString(1), row.getLong(2));
      }
    }
    return counts;
  }

  /**
   * An example of what a step rejected, for the error message: its id or text start, and the
   * detail.
   */
  String exampleOf(Table table, String step) {
    return table
        .rejects(spark)
        .where(col(Rejects.STEP).equalTo(step))
        .orderBy(Rejects.REASON, Rejects.DETAIL)
        .limit(1)
        .collectAsList()
        .stream()
        .map(TableWriter::describe)
        .findFirst()
        .orElse("");
  }

  private static String describe(Row row) {
    List<String> names = Arrays.asList(row.schema().fieldNames());
    String id = names.contains("id") ? row.getAs("id") + ": " : "";
    Object detail = row.getAs(Rejects.DETAIL);
    return id + row.getAs(Rejects.REASON) + (detail == null ? "" : " (" + detail + ")");
  }

  /** Alive rows by licence of their source; empty if the table does not say. */
  Map<String, Long> licences(Table table) {
    Map<String, Long> counts = new TreeMap<>();
    if (table.rows() > 0 && Arrays.asList(table.schema().fieldNames()).contains(LICENCE)) {
      for (Row row : table.read(spark).groupBy(LICENCE).count().collectAsList()) {
        counts.put(row.isNullAt(0) ? "unknown" : row.getString(0), row.getLong(1));
      }
    }
    return counts;
  }
}
