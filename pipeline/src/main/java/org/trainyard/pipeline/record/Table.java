package org.trainyard.pipeline.record;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.stage.Rejects;

/**
 * A published Parquet table and the record of how it was made.
 *
 * @param version the version folder
 * @param record how it was made
 * @param name which output of the step it is
 */
public record Table(Path version, StepRecord record, String name) {
  /** Folder of the alive rows within the output's folder. */
  public static final String KEPT = "rejected=false";

  /** Folder of the rejected rows within the output's folder. */
  public static final String REJECTED = "rejected=true";

  /** Its entry in the record. */
  public Output output() {
    return record.output(name);
  }

  /** Its columns, partition columns included. */
  public StructType schema() {
    return (StructType) DataType.fromJson(output().schema());
  }

  /** Full paths of its files; nothing else in the folder belongs to it. */
  public List<String> files() {
    return paths(version, output().files());
  }

  /** Alive rows. */
  public long rows() {
    return output().rows();
  }

  /** Plans reading it. */
  public Dataset<Row> read(SparkSession spark) {
    return read(spark, version, output());
  }

  /**
   * Plans reading the alive rows of an output.
   *
   * @param version the folder that the output's paths are relative to
   */
  public static Dataset<Row> read(SparkSession spark, Path version, Output output) {
    StructType schema = (StructType) DataType.fromJson(output.schema());
    return read(spark, version, output, output.files(), schema, KEPT);
  }

  /** Plans reading the rejected rows with their reasons. */
  public Dataset<Row> rejects(SparkSession spark) {
    StructType schema =
        schema()
            .add(Rejects.REASON, "string")
            .add(Rejects.DETAIL, "string")
            .add(Rejects.STEP, "string");
    return read(spark, version, output(), output().rejects(), schema, REJECTED);
  }

  private static Dataset<Row> read(
      SparkSession spark,
      Path version,
      Output output,
      List<FileEntry> files,
      StructType schema,
      String half) {
    if (files.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    return spark
        .read()
        .schema(schema)
        .option("basePath", new Path(version, output.folder() + "/" + half).toString())
        .parquet(paths(version, files).toArray(String[]::new));
  }

  private static List<String> paths(Path version, List<FileEntry> entries) {
    return entries.stream().map(file -> new Path(version, file.path()).toString()).toList();
  }
}
