package org.trainyard.training.round;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.FeedTechnique;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;

/** Points that no epoch shares with another, from no table. */
@Card(name = "new-each-epoch", what = "Other points in each epoch, for tests.")
public final class NewEachEpoch implements FeedTechnique<NewEachEpoch.Config> {
  private static final int EXAMPLES = 24;
  private static final int SHARDS = 2;

  /** No settings. */
  public record Config() {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public FeedSource create(Config settings) {
    return new Points();
  }

  private static final class Points implements FeedSource, Feed {
    private static final long serialVersionUID = 1;

    @Override
    public List<Port> inputs() {
      return List.of();
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      return new Supply(
          this,
          new DataFacts(0, Samples.CLASSES, List.of(Samples.FEATURES)),
          false,
          any -> new Epoch(EXAMPLES, EXAMPLES, EXAMPLES, ""),
          done -> new TreeMap<>(Map.of("points", (double) EXAMPLES * done)));
    }

    @Override
    public int shards() {
      return SHARDS;
    }

    @Override
    public long batches(int shard, long epoch) {
      return EXAMPLES / 4 / SHARDS;
    }

    @Override
    public Cursor open(int shard, long epoch, long from) {
      List<Batch> renamed =
          Samples.points(EXAMPLES, 4).stream()
              .map(
                  batch ->
                      new Batch(
                          Arrays.stream(batch.exampleIds()).map(id -> id + 1000 * epoch).toArray(),
                          batch.groupIds(),
                          batch.weights(),
                          batch.tensors()))
              .toList();
      return new MemoryFeed(renamed, SHARDS, 1).open(shard, epoch, from);
    }
  }
}
