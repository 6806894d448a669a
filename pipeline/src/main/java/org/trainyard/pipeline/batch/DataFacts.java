package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Table;

/**
 * What is known of batches before any is read, such as the size of a model's first and last layer.
 *
 * @param vocabulary number of token ids; 0 unless tokens
 * @param classes number of labels; 0 if targets are tokens or values
 * @param values numbers that are predicted of an example; 0 if targets are tokens or labels
 * @param shape of one example of the field {@code input}, without the batch: {@code [longest]} for
 *     tokens
 * @param tokenizer digest of the tokenizer that the ids are of; empty if unknown
 */
public record DataFacts(
    int vocabulary, int classes, int values, List<Integer> shape, String tokenizer)
    implements Serializable {
  /** Name of the metric of a batch table that tells the number of token ids. */
  public static final String VOCABULARY = "vocabulary";

  /** Name of the metric of a batch table that tells the number of labels. */
  public static final String CLASSES = "classes";

  /** Keeps its own copy. */
  public DataFacts {
    shape = List.copyOf(shape);
    tokenizer = tokenizer == null ? "" : tokenizer;
  }

  /** Facts of data whose targets are tokens or labels, and whose tokenizer is unknown. */
  public DataFacts(int vocabulary, int classes, List<Integer> shape) {
    this(vocabulary, classes, 0, shape, "");
  }

  /**
   * Checks that the ids of other batches mean the same.
   *
   * @param batches a batch table; what it does not say is not checked
   * @throws DataException if they are of another tokenizer, vocabulary or number of classes
   */
  public void requireOf(Table batches) {
    String other = BatchTable.tokenizer(batches.schema());
    if (!other.isEmpty() && !tokenizer.isEmpty() && !other.equals(tokenizer)) {
      throw new DataException(
          "%s: its tokens are of the tokenizer %s, those that the model learns from of %s. Encode both with one tokenizer."
              .formatted(batches.version(), other, tokenizer));
    }
    require(VOCABULARY, vocabulary, batches, "Encode both with one tokenizer");
    require(
        CLASSES, classes, batches, "Connect the labels of the training tokens to the other encode");
  }

  private static void require(String metric, int expected, Table batches, String mend) {
    Map<String, Double> said = batches.record().metrics();
    if (said.containsKey(metric) && said.get(metric) != expected) {
      throw new DataException(
          "%s: its %s is %.0f, that of what the model learns from %d. %s."
              .formatted(batches.version(), metric, said.get(metric), expected, mend));
    }
  }
}
