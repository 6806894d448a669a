package org.trainyard.pipeline.batch;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;

/** The batches of a table. */
@Card(
    name = "table",
    what = "Hands out the batches of the table that the step reads, in another order each epoch.",
    how = "The table is that of plan-batches; its record says what the batches hold.",
    avoid = "Data that can be made as fast as it is used need not be stored: see reservoir.")
public final class StoredBatches implements FeedTechnique<StoredBatches.Settings> {
  /** It has none. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public FeedSource create(Settings settings) {
    return new Stored();
  }

  private static final class Stored implements FeedSource {
    @Override
    public List<Port> inputs() {
      return List.of(Port.table(BATCHES, BatchTable.SCHEMA));
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      Table batches = tables.get(BATCHES);
      return supply(batches, TableFeed.shuffled(batches, seed));
    }
  }

  /**
   * A table's batches, with what its record says of them.
   *
   * @param feed hands out all of them in each epoch
   */
  static FeedSource.Supply supply(Table batches, Feed feed) {
    FeedSource.Epoch epoch =
        new FeedSource.Epoch(
            (long) metric(batches, BatchTable.EXAMPLES),
            (long) metric(batches, BatchTable.REAL_UNITS),
            (long) metric(batches, BatchTable.PADDED_UNITS),
            batches.version().toString());
    return new FeedSource.Supply(
        feed,
        facts(batches, feed),
        BatchTable.packed(batches),
        any -> epoch,
        epochs -> Collections.emptySortedMap());
  }

  /** What the table's record says; shape and width of anything but tokens are read off a batch. */
  private static DataFacts facts(Table batches, Feed feed) {
    int vocabulary = (int) metric(batches, DataFacts.VOCABULARY);
    int classes = (int) metric(batches, DataFacts.CLASSES);
    String tokenizer = BatchTable.tokenizer(batches.schema());
    if (vocabulary > 0) {
      return new DataFacts(
          vocabulary, classes, 0, List.of((int) metric(batches, "longest")), tokenizer);
    }
    Batch first = first(batches, feed);
    int values = classes > 0 ? 0 : width(first.tensor(Batch.TARGET));
    return new DataFacts(0, classes, values, shape(first.tensor(Batch.INPUT)), tokenizer);
  }

  private static Batch first(Table batches, Feed feed) {
    for (int shard = 0; shard < feed.shards(); shard++) {
      try (Feed.Cursor cursor = feed.open(shard, 0, 0)) {
        Optional<Batch> first = cursor.next();
        if (first.isPresent()) {
          return first.get();
        }
      }
    }
    throw new DataException(
        "%s has no batches. Give the step before it some examples".formatted(batches.version()));
  }

  private static List<Integer> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).skip(1).boxed().toList();
  }

  private static int width(Tensor target) {
    return target.type() == Tensor.Type.FLOAT32
        ? shape(target).stream().reduce(1, Math::multiplyExact)
        : 0;
  }

  private static double metric(Table batches, String name) {
    Map<String, Double> metrics = batches.record().metrics();
    Double value = metrics.get(name);
    if (value == null) {
      throw new DataException(
          "%s is not a batch table: its record lacks the metric '%s', it has %s. Make it with plan-batches"
              .formatted(batches.version(), name, metrics.keySet()));
    }
    return value;
  }
}
