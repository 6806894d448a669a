package org.trainyard.training.model;

import java.io.Serializable;
import java.util.List;

/**
 * What a batch table says of its data, as metrics and schema of its record.
 *
 * @param vocabulary number of token ids; 0 unless tokens
 * @param classes number of labels; 0 if targets are tokens
 * @param values numbers that are predicted of an example; 0 if targets are tokens or labels
 * @param shape of one example of the field {@code input}, without the batch: {@code [longest]} for
 *     tokens
 */
public record DataFacts(int vocabulary, int classes, int values, List<Integer> shape)
    implements Serializable {
  /** Keeps its own copy. */
  public DataFacts {
    shape = List.copyOf(shape);
  }

  /** Facts of data whose targets are tokens or labels. */
  public DataFacts(int vocabulary, int classes, List<Integer> shape) {
    this(vocabulary, classes, 0, shape);
  }
}
