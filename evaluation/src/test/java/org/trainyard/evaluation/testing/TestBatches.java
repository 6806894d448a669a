package org.trainyard.evaluation.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A batch table for tests: three of four targets are 0, the rest is even; two bytes a unit. */
@Card(name = "test-batches", what = "Makes a batch table of random units.")
public final class TestBatches implements JobTechnique<TestBatches.Settings> {
  /** Units and classes that there are. */
  public static final int VALUES = 8;

  private static final int EXAMPLES = 3;
  private static final int LENGTH = 5;

  /** What can be set. */
  public record Settings(
      @Setting(help = "Whole examples have one target each.", standard = "false") boolean classes,
      @Setting(help = "Number of batches.", standard = "20") int batches,
      @Setting(help = "Partitions of the table.", standard = "2") int partitions,
      @Setting(help = "Digest of the tokenizer.", standard = "") String tokenizer,
      @Setting(help = "Of the units.") long seed) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Job() {
      @Override
      public List<Port> inputs() {
        return List.of(Port.table("numbers", new StructType().add("number", DataTypes.LongType)));
      }

      @Override
      public List<Port> outputs() {
        return List.of(Port.table("batches", BatchTable.SCHEMA));
      }

      @Override
      public void run(JobContext context) {
        List<Row> rows = new ArrayList<>();
        for (int number = 0; number < settings.batches(); number++) {
          Batch batch = batch(settings, number);
          rows.add(
              BatchTable.row(
                  new BatchTable.Place(0, 0, number, number),
                  new BatchTable.Size(batch.realUnits(), batch.paddedUnits(), 0),
                  batch));
        }
        context.write(
            "batches",
            BatchTable.describe(
                context
                    .spark()
                    .createDataFrame(rows, BatchTable.SCHEMA)
                    .repartition(settings.partitions()),
                settings.tokenizer()));
      }
    };
  }

  private static Batch batch(Settings settings, int number) {
    SplittableRandom random = new SplittableRandom(settings.seed() * 1000 + number);
    int targets = settings.classes() ? EXAMPLES : EXAMPLES * LENGTH;
    int[] target =
        IntStream.range(0, targets)
            .map(i -> random.nextInt(4) > 0 ? 0 : random.nextInt(VALUES))
            .toArray();
    long[] ids = {10L * number, 10L * number + 1, 10L * number + 2};
    Tensor bytes =
        Tensor.ofInts(
            Batch.BYTES, new int[] {EXAMPLES}, new int[] {2 * LENGTH, 2 * LENGTH, 2 * LENGTH});
    if (settings.classes()) {
      return Batch.of(ids, Tensor.ofInts(Batch.TARGET, new int[] {EXAMPLES}, target), bytes);
    }
    int[] shape = {EXAMPLES, LENGTH};
    byte[] mask = new byte[EXAMPLES * LENGTH];
    java.util.Arrays.fill(mask, (byte) 1);
    mask[LENGTH - 1] = 0;
    return Batch.of(
        ids,
        Tensor.ofInts(Batch.INPUT, shape, new int[EXAMPLES * LENGTH]),
        Tensor.ofInts(Batch.TARGET, shape, target),
        Tensor.ofBytes(Batch.MASK, shape, mask),
        bytes);
  }
}
