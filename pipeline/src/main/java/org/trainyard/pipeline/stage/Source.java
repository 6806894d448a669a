package org.trainyard.pipeline.stage;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.InputFile;

/** The first step of a pipeline: raw files, or a seeded generator, to a table. */
public interface Source {

  /**
   * Files to read, as Hadoop paths that may hold globs; empty for a generator. The runner resolves
   * them, fails if one matches nothing, and keys the step by path, length and modification time.
   */
  List<String> paths();

  /** The columns of the table (as {@code adds}). */
  Columns columns();

  /**
   * Plans the reading. Runs no Spark action.
   *
   * @param files what {@link #paths} stands for today, sorted by path, without folders and without
   *     names that start with {@code _} or {@code .}
   */
  Dataset<Row> open(SparkSession spark, List<InputFile> files);
}
