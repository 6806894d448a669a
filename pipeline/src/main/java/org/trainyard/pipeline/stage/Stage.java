package org.trainyard.pipeline.stage;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One step of a pipeline: a pure function from one table to one table, row by row or with one
 * shuffle.
 *
 * <p>Adjacent stages are fused into one Spark plan and one write. A stage never deletes a row, it
 * marks it with {@link Rejects}; rows that an earlier stage marked pass through untouched and take
 * no part. The result is the same for any order and partitioning of the input.
 */
public interface Stage {

  /** What it asks of its input and does to it; {@link Rejects}' columns are understood. */
  Columns columns();

  /** Plans the step. Runs no Spark action, so that Spark can optimise across stages. */
  Dataset<Row> apply(Dataset<Row> input);

  /** Whether one row may become several, so that rows in and out need not add up. */
  default boolean expands() {
    return false;
  }
}
