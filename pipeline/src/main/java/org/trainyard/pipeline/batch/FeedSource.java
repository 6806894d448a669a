package org.trainyard.pipeline.batch;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.LongFunction;
import org.trainyard.pipeline.record.Table;

/** Where the batches of a training run come from: tables, or something that makes them. */
public interface FeedSource {
  /** The input of a feed that reads one table. */
  String BATCHES = "batches";

  /** Inputs whose tables of batches it hands out; none if it makes its own. */
  List<String> tables();

  /**
   * Opens it on the driver.
   *
   * @param tables of batches by input, one for each of {@link #tables}
   * @param seed of the order of each epoch
   * @param epochs of the run
   */
  Supply open(Map<String, Table> tables, long seed, int epochs);

  /**
   * A feed, and what is known of it before a batch is taken.
   *
   * @param feed hands out the batches
   * @param facts of their data
   * @param packed whether rows of its batches hold several examples
   * @param epoch what an epoch holds, by its number from 0
   * @param figures what there is to report after so many epochs; empty if nothing
   */
  record Supply(
      Feed feed,
      DataFacts facts,
      boolean packed,
      LongFunction<Epoch> epoch,
      LongFunction<SortedMap<String, Double>> figures) {}

  /**
   * What an epoch holds.
   *
   * @param examples how many
   * @param units that carry data
   * @param paddedUnits units that are computed, padding included
   * @param set name of the set of examples that it holds, each once: epochs that name the same set
   *     hold the same examples; empty if no other epoch need hold them
   */
  record Epoch(long examples, long units, long paddedUnits, String set) {}
}
