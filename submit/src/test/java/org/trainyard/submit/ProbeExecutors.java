package org.trainyard.submit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.SharedLimit;
import org.trainyard.pipeline.run.SideChannel;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A technique of a user's jar: tells what executors see of their environment and of the driver. */
@Card(name = "probe-executors", what = "Tells what executors see.")
public final class ProbeExecutors implements JobTechnique<ProbeExecutors.Settings> {
  private static final String NAME = "probe";

  /** How many tasks look. */
  public record Settings(
      @Setting(help = "How many tasks look.", standard = "8", min = 1) int tasks) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Probe(settings.tasks());
  }

  private record Probe(int tasks) implements Job {
    @Override
    public List<Port> inputs() {
      return List.of();
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.artifact("seen"));
    }

    @Override
    public void run(JobContext context) throws IOException {
      SideChannel.limit(NAME, new SharedLimit(Double.POSITIVE_INFINITY, tasks - 1L));
      List<String> seen =
          context
              .spark()
              .range(0, tasks, 1, tasks)
              .mapPartitions((MapPartitionsFunction<Long, String>) Probe::look, Encoders.STRING())
              .collectAsList();
      context.metric("counted", counted());
      context.metric("granted", seen.stream().filter(line -> line.endsWith("granted")).count());
      context.metric("jvms", seen.stream().map(line -> line.split(" ")[0]).distinct().count());
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      storage.write(new Path(context.folder("seen"), "seen.txt"), String.join("\n", seen) + "\n");
    }

    private static Iterator<String> look(Iterator<Long> rows) throws IOException {
      SideChannel.count(NAME, 1);
      Module base = Object.class.getModule();
      boolean open = base.isOpen("java.util.concurrent.atomic", ProbeExecutors.class.getModule());
      return List.of(
              "%s %s OMP_NUM_THREADS=%s OPT_OUT_TRACKING=%s %s %s"
                  .formatted(
                      ManagementFactory.getRuntimeMXBean().getName(),
                      open ? "open" : "closed",
                      System.getenv("OMP_NUM_THREADS"),
                      System.getenv("OPT_OUT_TRACKING"),
                      Charset.defaultCharset(),
                      SideChannel.ask(NAME, 1).isPresent() ? "granted" : "refused"))
          .iterator();
    }

    /** Counts travel without being waited for: gives them a few seconds to arrive. */
    private long counted() {
      try {
        for (int wait = 0; wait < 100 && SideChannel.counted(NAME) < tasks; wait++) {
          Thread.sleep(50);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return SideChannel.counted(NAME);
    }
  }
}
