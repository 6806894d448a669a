package org.trainyard.pipeline.batch;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Table;
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
    public boolean readsTable() {
      return true;
    }

    @Override
    public Supply open(Optional<Table> table, long seed) {
      Table batches = table.orElseThrow();
      Feed feed = TableFeed.shuffled(batches, seed);
      int vocabulary = (int) metric(batches, "vocabulary");
      int classes = (int) metric(batches, "classes");
      Optional<Batch> first = vocabulary > 0 ? Optional.empty() : Optional.of(first(batches, feed));
      return new Supply(
          feed,
          vocabulary,
          classes,
          classes > 0 ? 0 : first.map(batch -> width(batch.tensor(Batch.TARGET))).orElse(0),
          first
              .map(batch -> shape(batch.tensor(Batch.INPUT)))
              .orElseGet(() -> List.of((int) metric(batches, "longest"))),
          (long) metric(batches, "real_units"),
          (long) metric(batches, "examples"),
          true,
          epochs -> Collections.emptySortedMap());
    }

    /** The shape of anything but tokens is read off a batch. */
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
}
