package org.trainyard.dataprep.tokenize;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.stage.JobContext;

/** Makes a tokenizer from documents, or opens one that needs no learning. */
public interface TokenizerLearner {

  /**
   * Learns. The result is the same for any order and partitioning of the texts.
   *
   * @param texts one column of strings, none of them null
   * @param context for progress and metrics
   */
  Tokenizer learn(Dataset<Row> texts, JobContext context);

  /**
   * Files outside the pipeline that it opens, as {@link org.trainyard.pipeline.stage.Job#files}.
   */
  default List<String> files() {
    return List.of();
  }
}
