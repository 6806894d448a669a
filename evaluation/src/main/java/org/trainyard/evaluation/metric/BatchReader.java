package org.trainyard.evaluation.metric;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.batch.Batch;

/** Turns a row of a batch table into its batch. */
@FunctionalInterface
interface BatchReader extends Serializable {

  /** The batch that a row holds. */
  Batch read(Row row);
}
