package org.trainyard.pipeline.testing;

import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A job for tests: sums numbers; can fail after its checkpoint, once. */
@Card(name = "test-sum", what = "Sums numbers.")
public final class TestSum implements JobTechnique<TestSum.Settings> {
  /** What happens elsewhere just before it fails. */
  public static volatile Runnable meanwhile = () -> {};

  /** What to add, and whether to fail on the first attempt. */
  public record Settings(
      @Setting(help = "Added to the sum.", standard = "0") long plus,
      @Setting(help = "Fails until a checkpoint is there.", standard = "false") boolean fails,
      @Setting(help = "Any seed.") long seed) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Job() {
      @Override
      public List<Port> inputs() {
        return List.of(
            Port.table("numbers", new StructType().add("number", DataTypes.LongType)),
            Port.table("more", new StructType().add("number", DataTypes.LongType)).orNothing());
      }

      @Override
      public List<Port> outputs() {
        return List.of(
            Port.artifact("sum"),
            Port.table("copy", new StructType().add("number", DataTypes.LongType)));
      }

      @Override
      public void run(JobContext context) throws IOException {
        Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
        Path mark = new Path(context.checkpoint(), "mark");
        if (settings.fails() && storage.writeNew(mark, "here")) {
          meanwhile.run();
          throw new IOException("No space left on device");
        }
        long total =
            context.table("numbers").read(context.spark()).agg(sum("number")).first().getLong(0);
        context.write("copy", context.table("numbers").read(context.spark()));
        storage.write(new Path(context.folder("sum"), "sum.txt"), Long.toString(total));
        context.metric("sum", total + settings.plus());
        context.metric("resumed", storage.exists(mark) ? 1 : 0);
        context.event("summed", Map.of("total", total));
      }
    };
  }
}
