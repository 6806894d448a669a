package org.trainyard.pipeline.batch;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongFunction;
import org.trainyard.pipeline.record.Table;

/** Where the batches of a training run come from: a table, or something that makes them. */
public interface FeedSource {

  /** Whether it hands out a table's batches; one that makes its own needs none. */
  boolean readsTable();

  /**
   * Opens it on the driver.
   *
   * @param table of batches; present if it reads one
   * @param seed of the order of each epoch
   */
  Supply open(Optional<Table> table, long seed);

  /**
   * A feed, and what is known of its data before it is opened.
   *
   * @param feed hands out the batches
   * @param vocabulary number of token ids; 0 unless tokens
   * @param classes number of labels; 0 if targets are tokens or values
   * @param values numbers that are predicted of an example; 0 if targets are tokens or labels
   * @param shape of one example of the field {@code input}; {@code [longest]} for tokens
   * @param units real units of an epoch
   * @param examples of an epoch
   * @param sameExamples whether every epoch holds the same examples, each once
   * @param figures what there is to report after so many epochs; empty if nothing
   */
  record Supply(
      Feed feed,
      int vocabulary,
      int classes,
      int values,
      List<Integer> shape,
      long units,
      long examples,
      boolean sameExamples,
      LongFunction<SortedMap<String, Double>> figures) {
    /** Keeps its own copy. */
    public Supply {
      shape = List.copyOf(shape);
    }
  }
}
