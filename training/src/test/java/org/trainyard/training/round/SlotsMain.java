package org.trainyard.training.round;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.run.SideChannel;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.codec.Float32;
import org.trainyard.training.engine.Parameters;

/**
 * Trains in a JVM of its own and prints a digest of the parameters: {@code <master> [jobs] [fail]}.
 * With {@code jobs}, each round is a Spark job of its own; with {@code fail}, some first attempts
 * of tasks fail half-way.
 */
final class SlotsMain {
  private static final int EPOCHS = 3;

  private SlotsMain() {}

  public static void main(String[] arguments) {
    boolean fail = List.of(arguments).contains("fail");
    SparkConf conf =
        new SparkConf()
            .setMaster(arguments[0])
            .setAppName("slots")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1");
    if (!List.of(arguments).contains("jobs")) {
      conf.set("spark.plugins", SideChannel.class.getName());
    }
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.setLogLevel("OFF");
      for (boolean local : List.of(false, true)) {
        System.out.println("digest " + digest(train(spark, local, fail)));
      }
      System.out.println("attempts " + TroubledFeed.secondAttempts());
    }
  }

  private static TrainingState train(JavaSparkContext spark, boolean local, boolean fail) {
    Feed calm = new MemoryFeed(Samples.points(90, 4), 4, 5);
    Samples.Draft draft =
        Samples.Draft.of(
                Samples.tiny(Samples.DROPOUT_MODEL),
                new TroubledFeed(calm, fail),
                Samples.rule("adamw", 0.05))
            .schedule((seen, total) -> 1 / (1 + seen / 100.0));
    Plan plan = local ? draft.local(2, LocalState.AVERAGED).plan() : draft.plan();
    try (RoundLoop loop = new RoundLoop(spark, plan, 0)) {
      TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
      return loop.run(start, EPOCHS, new RoundListener() {});
    }
  }

  private static String digest(TrainingState state) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(new Float32().encode(state.parameters()));
      for (Parameters array : state.ruleState()) {
        digest.update(new Float32().encode(array));
      }
      digest.update(
          ByteBuffer.allocate(16)
              .putLong(state.position().total().xor())
              .putLong(state.position().total().sum())
              .array());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A feed that makes some first attempts fail after a batch. */
  private record TroubledFeed(Feed calm, boolean fail) implements Feed, Serializable {
    private static volatile int secondAttempts;

    static int secondAttempts() {
      return secondAttempts;
    }

    @Override
    public int shards() {
      return calm.shards();
    }

    @Override
    public long batches(int shard, long epoch) {
      return calm.batches(shard, epoch);
    }

    @Override
    public Cursor open(int shard, long epoch, long from) {
      Cursor cursor = calm.open(shard, epoch, from);
      return new Cursor() {
        private long position = from;

        @Override
        public Optional<Batch> next() {
          TaskContext task = TaskContext.get();
          Optional<Batch> batch = cursor.next();
          if (task.attemptNumber() > 0) {
            count();
          } else if (fail && shard == 1 && position % 3 == 1) {
            throw new IllegalStateException("made to fail");
          }
          position++;
          return batch;
        }

        @Override
        public void close() {
          cursor.close();
        }
      };
    }

    private static synchronized void count() {
      secondAttempts++;
    }
  }

  /** Runs {@link #main} in a JVM of its own. */
  static List<String> fork(Path folder, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "slots", ".txt");
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:+Ign"))
        .forEach(command::add);
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(SlotsMain.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int exit = process.waitFor();
    List<String> lines = Files.readAllLines(out);
    if (exit != 0) {
      throw new IllegalStateException(String.join("\n", lines));
    }
    return lines;
  }
}
