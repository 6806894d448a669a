package org.trainyard.pipeline.stage;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.Table;

/**
 * All that a {@link Job} may touch. The runner has set the job group, so Spark's pages show the
 * step.
 */
public interface JobContext {

  /** The step's id in the pipeline file. */
  String step();

  /** The session to work with. */
  SparkSession spark();

  /** Whether an optional input is connected. */
  boolean has(String input);

  /** A connected table. */
  Table table(String input);

  /** A connected artifact. */
  Artifact artifact(String input);

  /**
   * Writes a table output, alive rows and rejects in one pass. Call at most once for each output.
   *
   * @param partitionBy columns that become folders ({@code shard=3/}); usually none
   */
  void write(String output, Dataset<Row> rows, List<String> partitionBy);

  /** Writes a table output that is not partitioned. */
  default void write(String output, Dataset<Row> rows) {
    write(output, rows, List.of());
  }

  /**
   * Plans reading the alive rows of a table output that was written: what stands in its committed
   * files, so that figures of a step are counted there.
   */
  Dataset<Row> written(String output);

  /** The new and empty folder of an artifact output; published with the step, or never. */
  Path folder(String output);

  /**
   * A folder that survives a failed attempt at the same step with the same settings and inputs, and
   * is gone once the step is published. The place for checkpoints and for tables that a loop hands
   * on.
   */
  Path checkpoint();

  /** Records a figure of this step; shown in the result table, read by claims and benchmarks. */
  void metric(String name, double value);

  /**
   * Tells how far the step is.
   *
   * @param unit what is counted, such as {@code rounds}
   * @param total 0 if unknown
   * @param note a few words that change as it goes, such as {@code loss 2.31}
   */
  void progress(String unit, long done, long total, String note);

  /** Appends an event to the run's {@code events.jsonl}. */
  void event(String kind, Map<String, ?> values);
}
