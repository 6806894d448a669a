package org.trainyard.pipeline.batch;

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
   * A feed, and what is known of it before a batch is taken.
   *
   * @param feed hands out the batches
   * @param facts of their data
   * @param packed whether rows of its batches hold several examples
   * @param epoch what each epoch holds
   * @param figures what there is to report after so many epochs; empty if nothing
   */
  record Supply(
      Feed feed,
      DataFacts facts,
      boolean packed,
      Epoch epoch,
      LongFunction<SortedMap<String, Double>> figures) {}

  /**
   * What an epoch holds.
   *
   * @param examples how many
   * @param units that carry data
   * @param paddedUnits units that are computed, padding included
   * @param sameExamples whether every epoch holds the same examples, each once
   */
  record Epoch(long examples, long units, long paddedUnits, boolean sameExamples) {}
}
