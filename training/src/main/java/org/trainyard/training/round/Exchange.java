package org.trainyard.training.round;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.codec.Float32;
import org.trainyard.training.combine.Combined;
import org.trainyard.training.combine.Contribution;
import org.trainyard.training.engine.Parameters;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * One way out and back: sends parameters to all executors, lets every shard do its part, and
 * combines what they bring.
 *
 * <p>Vectors are collected and combined on the driver while shards × bytes stay within a limit.
 * Above it they are cut into blocks, each block is combined where the shuffle brings it together,
 * and the driver collects combined blocks only. Both give the same bits, as blocks are combined
 * element by element, in order of the shards.
 */
final class Exchange implements AutoCloseable {
  /** Above this, the driver would be the bottleneck: see the round loop in the design. */
  static final long COLLECT_LIMIT_BYTES = 64L << 20;

  /** Elements of a block of the shuffle: 4 MB. */
  static final int BLOCK_ELEMENTS = 1 << 20;

  /** Combined blocks go to the driver as they are: a codec may lose bits but once. */
  static final Codec EXACT = new Float32();

  private final JavaSparkContext spark;
  private final Plan plan;
  private final String run = UUID.randomUUID().toString();
  private final Broadcast<byte[]> planBytes;
  private final Map<String, JavaRDD<Integer>> shards = new HashMap<>();
  private final Map<String, String> hosts = new LinkedHashMap<>();

  /** By shard, memory for its vector: used again in each round. */
  private final Map<Integer, Parameters> received = new HashMap<>();

  private final long collectLimit;
  private final int blockElements;

  Exchange(JavaSparkContext spark, Plan plan) {
    this(spark, plan, COLLECT_LIMIT_BYTES, BLOCK_ELEMENTS);
  }

  Exchange(JavaSparkContext spark, Plan plan, long collectLimit, int blockElements) {
    this.spark = spark;
    this.plan = plan;
    this.collectLimit = collectLimit;
    this.blockElements = blockElements;
    this.planBytes = spark.broadcast(Wire.serialize(plan));
    plan.feeds().forEach((name, feed) -> shards.put(name, numbers(feed)));
  }

  private JavaRDD<Integer> numbers(Feed feed) {
    int tasks = Math.max(1, Math.min(feed.shards(), slots()));
    return spark.parallelize(IntStream.range(0, feed.shards()).boxed().toList(), tasks);
  }

  private int slots() {
    return Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
  }

  /**
   * What came back.
   *
   * @param reports in order of the shards
   * @param combined the sets that the shards brought, joined; empty if no shard counted
   * @param bytesDown bytes of what was sent, once
   * @param bytesUp bytes of all vectors that came back
   */
  record Returned(
      List<ShardReport> reports, Optional<Combined> combined, long bytesDown, long bytesUp) {}

  /** Which run this is; what stays alive on executors belongs to it. */
  String run() {
    return run;
  }

  /** Lets every shard do its part of a round. */
  Returned round(RoundCall call, Parameters down) {
    byte[][] encoded = Wire.encodeSlices(EXACT, down);
    Broadcast<byte[][]> sent = spark.broadcast(encoded);
    try {
      RoundTask task = new RoundTask(run, planBytes, sent);
      int sets = plan.exchangesState() ? down.count() / plan.layout().slices().size() : 1;
      long bytes = plan.layout().length() * Float.BYTES * sets;
      boolean cut = bytes * call.activeShards() > collectLimit && plan.combiner().elementwise();
      Gathered gathered = cut ? shuffle(task, call, sets) : collect(task, call, sets);
      gathered.reports().sort(Comparator.comparingInt(ShardReport::shard));
      gathered.reports().forEach(report -> hosts.put(report.executor(), report.host()));
      long bytesDown = Arrays.stream(encoded).mapToLong(slice -> slice.length).sum();
      return new Returned(
          List.copyOf(gathered.reports()), gathered.combined(), bytesDown, gathered.bytesUp());
    } finally {
      sent.destroy();
    }
  }

  private record Gathered(List<ShardReport> reports, Optional<Combined> combined, long bytesUp) {}

  private Gathered collect(RoundTask task, RoundCall call, int sets) {
    List<byte[]> frames =
        ShardJob.run(spark, shards.get(Plan.TRAINING), numbers -> frames(task, call, numbers));
    List<ShardReport> reports = new ArrayList<>();
    List<Contribution> contributions = new ArrayList<>();
    long bytesUp = 0;
    for (Iterator<byte[]> left = frames.iterator(); left.hasNext(); ) {
      ShardReport report = Wire.deserialize(left.next(), ShardReport.class);
      reports.add(report);
      if (report.counts()) {
        byte[] encoded = left.next();
        bytesUp += encoded.length;
        Parameters vector =
            received.computeIfAbsent(report.shard(), shard -> Wire.zeros(plan.layout(), sets));
        plan.codec().decode(ByteBuffer.wrap(encoded), vector);
        contributions.add(
            new Contribution(report.shard(), report.tally().weight(), plan.form(), vector));
      }
    }
    return new Gathered(reports, combine(plan, contributions, call.round()), bytesUp);
  }

  private static Optional<Combined> combine(
      Plan plan, List<Contribution> contributions, long round) {
    contributions.sort(Comparator.comparingInt(Contribution::shard));
    return contributions.isEmpty()
        ? Optional.empty()
        : Optional.of(plan.combiner().combine(contributions, round));
  }

  /** The report of each part, followed by its vector if it counts. */
  private static Iterator<byte[]> frames(
      RoundTask task, RoundCall call, Iterator<Integer> numbers) {
    List<byte[]> frames = new ArrayList<>();
    task.parts(call, numbers)
        .forEachRemaining(
            part -> {
              frames.add(Wire.serialize(part.report()));
              part.vector().ifPresent(vector -> frames.add(task.plan().codec().encode(vector)));
            });
    return frames.iterator();
  }

  private Gathered shuffle(RoundTask task, RoundCall call, int sets) {
    Blocks blocks = Blocks.of(plan.layout(), sets, blockElements);
    long round = call.round();
    JavaPairRDD<Integer, Iterable<byte[]>> grouped =
        shards
            .get(Plan.TRAINING)
            .mapPartitionsToPair(numbers -> blocks.cut(task.plan(), task.parts(call, numbers)))
            .groupByKey(new HashPartitioner(Math.min(blocks.count(), slots())));
    try {
      return gather(
          blocks,
          sets,
          grouped
              .flatMapToPair(group -> blocks.combine(task.plan(), group._1(), group._2(), round))
              .collect());
    } finally {
      grouped.rdd().cleanShuffleDependencies(false);
    }
  }

  private Gathered gather(Blocks blocks, int sets, List<Tuple2<Integer, byte[]>> received) {
    List<ShardReport> reports = new ArrayList<>();
    SortedSet<Integer> distrusted = new TreeSet<>();
    Parameters mean = Wire.zeros(plan.layout(), sets);
    long bytesUp = 0;
    boolean any = false;
    for (Tuple2<Integer, byte[]> pair : received) {
      if (pair._1() < 0) {
        reports.add(Wire.deserialize(pair._2(), ShardReport.class));
        continue;
      }
      ByteBuffer frame = ByteBuffer.wrap(pair._2());
      bytesUp += frame.getLong();
      for (int left = frame.getInt(); left > 0; left--) {
        distrusted.add(frame.getInt());
      }
      blocks.place(pair._1(), frame, mean);
      any = true;
    }
    return new Gathered(
        reports, any ? Optional.of(new Combined(mean, distrusted)) : Optional.empty(), bytesUp);
  }

  /** Scores parameters on a feed. */
  Score score(String feed, Parameters parameters) {
    Broadcast<byte[][]> sent = spark.broadcast(Wire.encodeSlices(EXACT, parameters));
    try {
      RoundTask task = new RoundTask(run, planBytes, sent);
      List<byte[]> scored =
          ShardJob.run(
              spark, shards.get(feed), numbers -> map(task.scores(feed, numbers), Wire::serialize));
      return scored.stream()
          .map(bytes -> Wire.deserialize(bytes, RoundTask.ShardScore.class))
          .sorted(Comparator.comparingInt(RoundTask.ShardScore::shard))
          .map(RoundTask.ShardScore::score)
          .reduce(Score.NONE, Score::plus);
    } finally {
      sent.destroy();
    }
  }

  private static <A, B> Iterator<B> map(Iterator<A> from, Function<A, B> function) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return from.hasNext();
      }

      @Override
      public B next() {
        return function.apply(from.next());
      }
    };
  }

  /** Closes what stayed alive on the executors that are still there, and destroys the plan. */
  @Override
  public void close() {
    ReplicaStore.here().close(run);
    hosts.remove("driver");
    if (!hosts.isEmpty() && !spark.sc().isStopped()) {
      closeRemote();
    }
    planBytes.destroy();
  }

  /** One task for each executor that served, sent to it by name. */
  private void closeRemote() {
    List<Tuple2<String, scala.collection.Seq<String>>> tasks = new ArrayList<>();
    hosts.forEach(
        (executor, host) ->
            tasks.add(
                new Tuple2<>(
                    run,
                    JavaConverters.asScalaBuffer(
                            List.of("executor_%s_%s".formatted(host, executor)))
                        .toSeq())));
    spark
        .sc()
        .makeRDD(
            JavaConverters.asScalaBuffer(tasks).toSeq(),
            scala.reflect.ClassTag$.MODULE$.<String>apply(String.class))
        .toJavaRDD()
        .foreach(id -> ReplicaStore.here().close(id));
  }
}
