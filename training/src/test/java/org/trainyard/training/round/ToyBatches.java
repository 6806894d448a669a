package org.trainyard.training.round;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Writes a small table of batches of points, as a planner would. */
@Card(name = "toy-batches", what = "Batches of points with classes or values, for tests.")
public final class ToyBatches implements JobTechnique<ToyBatches.Config> {
  private static final int BATCHES_PER_BLOCK = 2;

  /** Settings of {@code toy-batches}. */
  public record Config(
      @Setting(help = "Examples.", standard = "50") int examples,
      @Setting(help = "Examples of a batch.", standard = "4") int batchSize,
      @Setting(help = "Shards.", standard = "3") int shards,
      @Setting(help = "Digest of the tokenizer.", standard = "") String tokenizer,
      @Setting(help = "Number of labels; 0: values.", standard = "" + Samples.CLASSES) int classes,
      @Setting(help = "Whether the table says that rows hold several.", standard = "false")
          boolean packed,
      @Setting(help = "Whether examples count differently.", standard = "false")
          boolean weighted) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Job create(Config settings) {
    return new ToyJob(settings);
  }

  private record ToyJob(Config settings) implements Job {
    @Override
    public List<Port> inputs() {
      return List.of();
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.table("batches", BatchTable.SCHEMA));
    }

    /** Each fourth example counts nothing, the next ones a third, two thirds and one. */
    private static Batch weighted(Batch batch) {
      float[] weights = new float[batch.size()];
      for (int at = 0; at < weights.length; at++) {
        weights[at] = batch.exampleIds()[at] % 4 / 3f;
      }
      return new Batch(batch.exampleIds(), batch.groupIds(), weights, batch.tensors());
    }

    @Override
    public void run(JobContext context) {
      List<Batch> batches =
          settings.classes() > 0
              ? Samples.points(settings.examples(), settings.batchSize())
              : Samples.measured(settings.examples(), settings.batchSize());
      if (settings.weighted()) {
        batches = batches.stream().map(ToyJob::weighted).toList();
      }
      List<Row> rows = new ArrayList<>();
      for (int number = 0; number < batches.size(); number++) {
        int position = number / settings.shards();
        int shard = number % settings.shards();
        int n = batches.get(number).size();
        rows.add(
            BatchTable.row(
                new BatchTable.Place(shard, position / BATCHES_PER_BLOCK, position, number),
                new BatchTable.Size(n, n, n),
                batches.get(number)));
      }
      context.write(
          "batches",
          BatchTable.describe(
              context.spark().createDataFrame(rows, BatchTable.SCHEMA).coalesce(1),
              settings.tokenizer()),
          List.of(BatchTable.SHARD, BatchTable.BLOCK));
      context.metric("vocabulary", 0);
      context.metric("classes", settings.classes());
      context.metric("longest", 0);
      context.metric("examples", settings.examples());
      context.metric("batches", batches.size());
      context.metric("real_units", settings.examples());
      context.metric("padded_units", settings.examples());
      context.metric(BatchTable.PACKED_METRIC, settings.packed() ? 1 : 0);
      context.metric(BatchTable.SHARDS_METRIC, settings.shards());
    }
  }
}
