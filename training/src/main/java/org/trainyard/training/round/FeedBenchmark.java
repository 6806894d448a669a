package org.trainyard.training.round;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.TableFeed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.codec.Float32;
import org.trainyard.training.combine.WeightedMean;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.Model;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.model.ModelTechnique;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.OuterMean;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

/**
 * How fast batches come from a table: a seek in 10 million batches, as an executor that has just
 * been started would do it; the stream against its own decompression and a copy in memory; and how
 * long training waits.
 *
 * <p>The tables are made here, by Spark, and take about 10 GB of disk while it runs; {@code
 * -Dtrainyard.bench.feed.blocks=<n>} makes the large one smaller, and the figures say its size.
 * Pages of files that were just written may still be in the memory of the operating system.
 */
public final class FeedBenchmark implements Benchmark {
  private static final String BLOCKS = "trainyard.bench.feed.blocks";
  private static final int SHARDS = 4;
  private static final int SEEKS = 24;
  private static final int COMPARED = 10_000;
  private static final int VOCABULARY = 2048;
  private static final int WORKERS = 2;

  /** A table is read once, so that nothing comes from memory; the first passes warm up. */
  private static final int PASSES = 3;

  private static final double NANOS = 1e9;

  /** 256 tokens a batch: a kilobyte of token ids, and mask and labels. */
  private static final BenchTable LARGE =
      new BenchTable(SHARDS, Integer.getInteger(BLOCKS, 611), 4096, new Labelled(4, 64));

  /** Batches of the standard budget in blocks of the standard size. */
  private static final BenchTable USUAL = new BenchTable(1, 24, 113, new Texts(64, 256));

  @Override
  public String name() {
    return "feed";
  }

  @Override
  public String summary() {
    return "A seek in 10 million batches, the speed of the stream, and how long training waits.";
  }

  @Override
  public List<Figure> run() throws Exception {
    Path folder = Files.createTempDirectory("trainyard-bench-");
    Map<String, String> properties = Map.of("spark.master", "local[%d]".formatted(WORKERS));
    try (SparkSession spark = Sessions.open("bench feed", properties)) {
      spark.sparkContext().setLogLevel("ERROR");
      List<Figure> figures = new ArrayList<>();
      stream(spark, folder.resolve("usual"), figures);
      waiting(spark, folder, figures);
      seek(spark, folder.resolve("large"), figures);
      return figures;
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static void seek(SparkSession spark, Path folder, List<Figure> figures) throws Exception {
    long started = System.nanoTime();
    LARGE.write(spark, folder);
    figures.add(Figure.shown("table_made_in_seconds", seconds(started)));
    figures.add(Figure.atLeast("seek_batches", (double) LARGE.batches(), 10e6));
    figures.add(
        Figure.atLeast(
            "seek_token_gigabytes", LARGE.batches() * LARGE.maker().tokenBytes() / 1e9, 10));
    SplittableRandom random = new SplittableRandom(1);
    double[] seeks = new double[SEEKS];
    for (int at = 0; at < SEEKS; at++) {
      int shard = random.nextInt(SHARDS);
      long epoch = random.nextLong(1_000_000);
      long from = random.nextLong(LARGE.batches() / SHARDS);
      started = System.nanoTime();
      try (Feed.Cursor cursor = sent(folder).open(shard, epoch, from)) {
        var unused = cursor.next().orElseThrow();
        seeks[at] = seconds(started);
      }
    }
    figures.add(Figure.atMost("slowest_seek_seconds", max(seeks), 1));
    figures.add(Figure.shown("median_seek_seconds", median(seeks)));
    figures.add(Figure.shown("feed_travels_with_bytes", Wire.serialize(feed(folder)).length));

    TableFeed feed = sent(folder);
    long[] whole = new long[(int) feed.batches(1, 7)];
    started = System.nanoTime();
    try (Feed.Cursor cursor = feed.open(1, 7, 0)) {
      for (int at = 0; at < whole.length; at++) {
        whole[at] = digest(cursor.next().orElseThrow());
      }
    }
    figures.add(Figure.shown("streamed_batches_per_second", whole.length / seconds(started)));
    long equal = 0;
    long compared = 0;
    for (int seek = 0; seek < SEEKS; seek++) {
      int from = random.nextInt(whole.length);
      try (Feed.Cursor cursor = sent(folder).open(1, 7, from)) {
        for (int at = from; at < Math.min(whole.length, from + COMPARED); at++) {
          compared++;
          equal += digest(cursor.next().orElseThrow()) == whole[at] ? 1 : 0;
        }
      }
    }
    figures.add(
        Figure.atLeast("share_of_bit_equal_batches_after_seeks", equal / (double) compared, 1));
    FileUtils.deleteDirectory(folder.toFile());
  }

  /** The feed as an executor gets it: made from the record, serialised, deserialised. */
  private static TableFeed sent(Path folder) throws IOException {
    return Wire.deserialize(Wire.serialize(feed(folder)), TableFeed.class);
  }

  private static TableFeed feed(Path folder) throws IOException {
    return TableFeed.shuffled(table(folder), 1);
  }

  private static Table table(Path folder) throws IOException {
    StepRecord record =
        Json.read(Files.readString(folder.resolve(StepRecord.FILE)), StepRecord.class);
    return new Table(
        new org.apache.hadoop.fs.Path(folder.toUri()), record, record.outputs().firstKey());
  }

  private static long digest(Batch batch) {
    CRC32C digest = new CRC32C();
    ByteBuffer ids = ByteBuffer.allocate(8 * batch.size());
    ids.asLongBuffer().put(batch.exampleIds());
    digest.update(ids);
    for (Tensor tensor : batch.tensors()) {
      digest.update(tensor.bytes());
    }
    return digest.getValue();
  }

  private static void stream(SparkSession spark, Path folder, List<Figure> figures)
      throws Exception {
    double read = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      Path own = folder.resolve("pass-" + pass);
      USUAL.write(spark, own);
      long bytes = 0;
      long started = System.nanoTime();
      try (Feed.Cursor cursor = sent(own).open(0, 0, 0)) {
        for (Optional<Batch> batch = cursor.next(); batch.isPresent(); batch = cursor.next()) {
          bytes += batch.get().tensors().stream().mapToLong(Tensor::size).sum();
        }
      }
      read = Math.max(read, bytes / seconds(started) / 1e9);
      FileUtils.deleteDirectory(own.toFile());
    }
    Raw raw = Raw.measure(USUAL.maker());
    figures.add(Figure.shown("memory_copy_gigabytes_per_second", raw.copy()));
    figures.add(Figure.shown("decompression_gigabytes_per_second", raw.decompression()));
    figures.add(Figure.shown("stream_gigabytes_per_second", read));
    figures.add(Figure.atLeast("stream_over_decompression", read / raw.decompression(), 0.5));
  }

  /**
   * What the machine can do with the tensors of one block, on one core.
   *
   * @param copy gigabytes a second copied in memory
   * @param decompression gigabytes a second that come out of Zstandard, a page of a megabyte at a
   *     time
   */
  private record Raw(double copy, double decompression) {
    private static final int PAGE = 1 << 20;
    private static final int TIMES = 40;

    static Raw measure(BenchTable.Maker maker) {
      ByteBuffer all = ByteBuffer.allocate(16 * PAGE);
      for (long number = 0; all.hasRemaining(); number++) {
        for (Tensor tensor : maker.batch(number).tensors()) {
          byte[] bytes = tensor.bytes();
          all.put(bytes, 0, Math.min(bytes.length, all.remaining()));
        }
      }
      List<byte[]> pages = new ArrayList<>();
      for (int from = 0; from < all.capacity(); from += PAGE) {
        pages.add(Zstd.compress(Arrays.copyOfRange(all.array(), from, from + PAGE)));
      }
      byte[] into = new byte[all.capacity()];
      double copy = 0;
      double decompression = 0;
      for (int time = 0; time < TIMES; time++) {
        long started = System.nanoTime();
        System.arraycopy(all.array(), 0, into, 0, into.length);
        copy = Math.max(copy, into.length / seconds(started) / 1e9);
        started = System.nanoTime();
        for (int page = 0; page < pages.size(); page++) {
          byte[] from = pages.get(page);
          Zstd.decompressByteArray(into, page * PAGE, PAGE, from, 0, from.length);
        }
        decompression = Math.max(decompression, into.length / seconds(started) / 1e9);
      }
      return new Raw(copy, decompression);
    }
  }

  /** A net and the table that it eats, both of usual sizes for it; ten seconds' work or so. */
  private record Case(
      String name, String model, String settings, DataFacts facts, BenchTable table) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "lstm",
              "lstm-language-model",
              "{\"width\": 64, \"layers\": 1}",
              new DataFacts(VOCABULARY, 0, List.of(64)),
              new BenchTable(WORKERS, 10, 16, new Texts(32, 64))),
          new Case(
              "classifier",
              "byte-classifier",
              "{}",
              new DataFacts(VOCABULARY, 10, List.of(64)),
              new BenchTable(WORKERS, 10, 32, new Labelled(64, 64))),
          new Case(
              "mlp",
              "mlp",
              "{\"widths\": [256]}",
              new DataFacts(0, 10, List.of(784)),
              new BenchTable(WORKERS, 48, 10, new Points(512, 784))));

  private static void waiting(SparkSession spark, Path folder, List<Figure> figures)
      throws Exception {
    for (Case one : CASES) {
      Path own = folder.resolve(one.name());
      one.table().write(spark, own);
      Plan plan = plan(one, feed(own));
      double[] sums = new double[3];
      try (RoundLoop loop =
          new RoundLoop(JavaSparkContext.fromSparkContext(spark.sparkContext()), plan, 0)) {
        // One epoch: each block is read once, nothing comes from memory.
        loop.run(
            RoundLoop.start(plan, initial(plan)),
            1,
            new RoundListener() {
              @Override
              public void afterRound(RoundReport report, TrainingState state) {
                sums[0] += report.waited();
                sums[1] += report.shardSeconds();
                sums[2] += report.seconds();
              }
            });
      }
      figures.add(
          Figure.shown(one.name() + "_step_milliseconds", 1000 * sums[1] / one.table().batches()));
      figures.add(Figure.atMost(one.name() + "_waiting_share", sums[0] / sums[1], 0.03));
      FileUtils.deleteDirectory(own.toFile());
    }
  }

  private static Plan plan(Case one, Feed feed) {
    ModelSpec spec =
        new Choice<Model>(ModelTechnique.class.getName(), one.model(), one.settings())
            .create()
            .spec(one.facts());
    ModelOpener opener =
        new EngineOpener(
            new Choice<>(EngineTechnique.class.getName(), Engines.STANDARD, "{}"),
            spec,
            Options.seeded(1));
    UpdateRule rule =
        new Choice<UpdateRule>(
                UpdateRuleTechnique.class.getName(), "sgd", "{\"learning-rate\": 0.01}")
            .create();
    try (Replica replica = opener.open(Device.CPU)) {
      return new Plan(
          opener,
          replica.layout(),
          new TreeMap<>(Map.of(Plan.TRAINING, feed)),
          new PlainStep(rule, Clipping.NONE),
          (seen, total) -> 1,
          1,
          RoundMode.LOCAL,
          8,
          LocalState.AVERAGED,
          new OuterMean.Mean(),
          new WeightedMean().create(new WeightedMean.Settings()),
          new Float32(),
          1);
    }
  }

  private static Parameters initial(Plan plan) {
    try (Replica replica = plan.opener().open(Device.CPU)) {
      Parameters initial = Parameters.zeros(replica.layout());
      replica.store(initial);
      return initial;
    }
  }

  /** Token ids as they are in text: the smaller the more frequent. */
  private static int[] tokens(SplittableRandom random, int count) {
    int[] ids = new int[count];
    for (int at = 0; at < count; at++) {
      double share = random.nextDouble();
      ids[at] = 2 + (int) ((VOCABULARY - 2) * share * share * share);
    }
    return ids;
  }

  private static byte[] ones(int count) {
    byte[] mask = new byte[count];
    Arrays.fill(mask, (byte) 1);
    return mask;
  }

  private static long[] ids(long number, int rows) {
    long[] ids = new long[rows];
    for (int row = 0; row < rows; row++) {
      ids[row] = number * rows + row;
    }
    return ids;
  }

  /** Language model batches. */
  private record Texts(int rows, int steps) implements BenchTable.Maker {
    @Override
    public Batch batch(long number) {
      int[] target = tokens(new SplittableRandom(number), rows * steps);
      int[] input = new int[target.length];
      System.arraycopy(target, 0, input, 1, target.length - 1);
      for (int row = 0; row < rows; row++) {
        input[row * steps] = 1;
      }
      int[] shape = {rows, steps};
      return Batch.of(
          ids(number, rows),
          Tensor.ofInts(Batch.INPUT, shape, input),
          Tensor.ofInts(Batch.TARGET, shape, target),
          Tensor.ofBytes(Batch.MASK, shape, ones(target.length)));
    }
  }

  /** Batches of a classifier of texts. */
  private record Labelled(int rows, int steps) implements BenchTable.Maker {
    @Override
    public long tokenBytes() {
      return 4L * rows * steps;
    }

    @Override
    public Batch batch(long number) {
      SplittableRandom random = new SplittableRandom(number);
      int[] shape = {rows, steps};
      return Batch.of(
          ids(number, rows),
          Tensor.ofInts(Batch.INPUT, shape, tokens(random, rows * steps)),
          Tensor.ofInts(Batch.TARGET, new int[] {rows}, random.ints(rows, 0, 10).toArray()),
          Tensor.ofBytes(Batch.MASK, shape, ones(rows * steps)));
    }
  }

  /** Batches of points. */
  private record Points(int rows, int width) implements BenchTable.Maker {
    @Override
    public Batch batch(long number) {
      SplittableRandom random = new SplittableRandom(number);
      float[] input = new float[rows * width];
      for (int at = 0; at < input.length; at++) {
        input[at] = random.nextFloat();
      }
      return Batch.of(
          ids(number, rows),
          Tensor.ofFloats(Batch.INPUT, new int[] {rows, width}, input),
          Tensor.ofInts(Batch.TARGET, new int[] {rows}, random.ints(rows, 0, 10).toArray()));
    }
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / NANOS;
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
