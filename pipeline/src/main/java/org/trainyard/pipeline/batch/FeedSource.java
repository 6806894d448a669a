package org.trainyard.pipeline.batch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongFunction;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;

/** Where the batches of a training run come from: tables, or something that makes them. */
public interface FeedSource {
  /** The input of a feed that reads one table. */
  String BATCHES = "batches";

  /** The tables that it reads, as inputs of the step; none if it makes its own batches. */
  List<Port> inputs();

  /**
   * Opens it on the driver.
   *
   * @param tables by the name of the input, one for each of {@link #inputs} that is connected
   * @param seed of the order of each epoch
   * @param epochs of the run
   */
  Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs);

  /**
   * A feed, and what is known of it before a batch is taken.
   *
   * @param feed hands out the batches
   * @param heldOut hands out what it holds out itself, to judge by; empty if it holds out nothing
   * @param facts of their data
   * @param packed whether rows of its batches hold several examples
   * @param epoch what an epoch holds, by its number from 0
   * @param figures what there is to report after so many epochs; empty if nothing
   */
  record Supply(
      Feed feed,
      Optional<Feed> heldOut,
      DataFacts facts,
      boolean packed,
      LongFunction<Epoch> epoch,
      LongFunction<SortedMap<String, Double>> figures) {

    /** Of a feed that holds out nothing. */
    public Supply(
        Feed feed,
        DataFacts facts,
        boolean packed,
        LongFunction<Epoch> epoch,
        LongFunction<SortedMap<String, Double>> figures) {
      this(feed, Optional.empty(), facts, packed, epoch, figures);
    }
  }

  /**
   * What an epoch holds.
   *
   * @param examples how many
   * @param units that carry data
   * @param paddedUnits units that are computed, padding included
   * @param set name of the set of examples that it holds, each as often: epochs that name the same
   *     set hold the same examples; empty if no other epoch need hold them
   * @param inOneRound whether its batches build on one another, so that a shard must take them all
   *     in one round
   */
  record Epoch(long examples, long units, long paddedUnits, String set, boolean inOneRound) {

    /** Of batches that stand alone. */
    public Epoch(long examples, long units, long paddedUnits, String set) {
      this(examples, units, paddedUnits, set, false);
    }
  }
}
