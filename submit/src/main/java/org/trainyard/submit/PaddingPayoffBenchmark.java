package org.trainyard.submit;

import com.sun.management.OperatingSystemMXBean;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Sessions;

/**
 * {@code trainyard bench padding-payoff}: what a language model learns from in a second of a
 * processor, with batches of like length against batches of chance, on the same paragraphs of a
 * novel and with about the same mean number of tokens in a batch: that of 32 paragraphs.
 *
 * <p>Only the training step runs anew each time; the time is that of the whole process, native
 * threads and readers included. The arms take turns; the first turn of each is a warm-up.
 */
public final class PaddingPayoffBenchmark implements Benchmark {
  private static final String FILE = "conf/claims/pipelines/padding-payoff.yaml";
  private static final int TURNS = 4;
  private static final double NANOS = 1e9;
  private static final Map<String, String> RANDOM =
      Map.of("batches.max-examples", "32", "batches.budget", "65536");
  private static final Map<String, String> BUCKETS =
      Map.of("batches.planner", "buckets", "batches.max-examples", "0", "batches.budget", "6656");

  @Override
  public String name() {
    return "padding-payoff";
  }

  @Override
  public String summary() {
    return "real tokens trained on in a second of a processor: batches of like length against"
        + " chance";
  }

  /** What a turn of an arm came to. */
  private record Turn(SortedMap<String, StepRecord> records, double tokensPerSecond) {
    double metric(String step, String name) {
      return records.get(step).metrics().get(name);
    }
  }

  @Override
  public List<Figure> run() throws Exception {
    Path output = Files.createTempDirectory("trainyard-bench-");
    try (SparkSession spark = Sessions.open(name(), PipelineOptions.read(FILE, Map.of()).spark())) {
      List<Turn> random = new ArrayList<>();
      List<Turn> buckets = new ArrayList<>();
      for (int turn = 0; turn < TURNS; turn++) {
        random.add(turn(spark, output, RANDOM, turn));
        buckets.add(turn(spark, output, BUCKETS, turn));
      }
      Turn last = random.get(TURNS - 1);
      Turn better = buckets.get(TURNS - 1);
      double before = median(random);
      double after = median(buckets);
      return List.of(
          Figure.shown("random_padding_share", last.metric("batches", "padding_share")),
          Figure.shown("buckets_padding_share", better.metric("batches", "padding_share")),
          Figure.shown("random_batches", last.metric("batches", "batches")),
          Figure.shown("buckets_batches", better.metric("batches", "batches")),
          Figure.shown("random_tokens_per_processor_second", before),
          Figure.shown("buckets_tokens_per_processor_second", after),
          Figure.shown("buckets_waiting_share", better.metric("model", "waiting_share")),
          Figure.atLeast("payoff", after / before, 2.5));
    } finally {
      org.apache.commons.io.FileUtils.deleteDirectory(output.toFile());
    }
  }

  /** Trains once; all steps before are made in the arm's first turn. */
  private static Turn turn(SparkSession spark, Path output, Map<String, String> arm, int turn) {
    Map<String, String> overrides = new HashMap<>(arm);
    overrides.put("output", output.toUri().toString());
    overrides.put("model.seed", Integer.toString(turn + 1));
    overrides.put("model.from", "batches");
    overrides.put("model.target-loss", "0");
    overrides.put("model.epochs", "1");
    overrides.put("documents.paths", "conf/data/moby-dick");
    // A net whose steps outweigh the last layer, which skips padding, and what goes on around them.
    overrides.put("model.model", "{lstm-language-model: {width: 128, layers: 2}}");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Runner runner = new Runner(spark, new Progress(nowhere, false));
    long before = processorNanos();
    Runner.Result result =
        runner.run(Graph.of(PipelineOptions.read(FILE, overrides)), Sampling.ALL);
    double seconds = (processorNanos() - before) / NANOS;
    return new Turn(
        result.records(), result.records().get("model").metrics().get("units") / seconds);
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static double median(List<Turn> turns) {
    double[] sorted = turns.stream().skip(1).mapToDouble(Turn::tokensPerSecond).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
