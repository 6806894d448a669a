package org.trainyard.pipeline.batch;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** The batches of a table, their example weights fading to one. */
@Card(
    name = "fading-weights",
    what =
        "A curriculum by weight: each example begins with its weight, which moves in a straight line"
            + " to one.",
    how =
        """
        Weights are those of plan-batches with `weight: <column>`: 1 for an easy example, near 0 for a hard one; \
        the stage ease-weights makes them of a retrieval score. After e epochs of m an example with the weight w \
        counts w (1 - e/m) + e/m, and all count alike from then on. e goes on from batch to batch, so m may be part \
        of an epoch. The paper's m is 20 epochs of 512 samples each, about 10,000 samples: tie it to samples, not to \
        passes over the data. Its code weights the mean of a batch; here each example is weighted, as in its formula.""",
    avoid =
        "Where hard examples are what the model must learn, not wrongly labelled, it may only lose"
            + " time.",
    papers = "Training Curricula for Open Domain Answer Re-Ranking (arXiv 2004.14269)")
public final class FadingWeights implements FeedTechnique<FadingWeights.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help =
                  "Epochs after which all weights are one; may be part of one; 0: from the start.",
              standard = "1",
              min = 0,
              max = 1_000_000)
          double epochs) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public FeedSource create(Settings settings) {
    return new Fading(settings.epochs());
  }

  private record Fading(double fadingEpochs) implements FeedSource {
    @Override
    public List<Port> inputs() {
      return List.of(Port.table(BATCHES, BatchTable.SCHEMA));
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      Table batches = tables.get(BATCHES);
      return StoredBatches.supply(
          batches, new FadedFeed(TableFeed.shuffled(batches, seed), fadingEpochs));
    }
  }
}
