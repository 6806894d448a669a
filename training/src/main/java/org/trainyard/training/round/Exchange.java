package org.trainyard.training.round;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.run.SideChannel;
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
 * <p>Vectors are combined on the driver while shards × bytes stay within a limit; they travel as
 * messages to and from the tasks of a {@link StandingJob}, or by a Spark job for each round where
 * there is no {@link SideChannel}. Above the limit they are cut into blocks, each block is combined
 * where the shuffle brings it together, and the driver collects combined blocks only. All ways give
 * the same bits, as blocks are combined element by element, in order of the shards.
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

  /** Bytes that may go down in one message; below 0 if there are no messages. */
  private final long messageLimit;

  private Optional<StandingJob> standing = Optional.empty();
  private long turns;
  private int jobs;

  Exchange(JavaSparkContext spark, Plan plan) {
    this(spark, plan, COLLECT_LIMIT_BYTES, BLOCK_ELEMENTS, SideChannel.isOpen());
  }

  Exchange(
      JavaSparkContext spark, Plan plan, long collectLimit, int blockElements, boolean messages) {
    this.spark = spark;
    this.plan = plan;
    this.collectLimit = collectLimit;
    this.blockElements = blockElements;
    this.messageLimit =
        messages
            ? Math.min(
                collectLimit,
                ((long) spark.getConf().getInt("spark.rpc.message.maxSize", 128) - 1) << 20)
            : -1;
    this.planBytes = spark.broadcast(Wire.serialize(plan));
    plan.feeds().forEach((name, feed) -> shards.put(name, numbers(feed)));
  }

  private JavaRDD<Integer> numbers(Feed feed) {
    return spark.parallelize(IntStream.range(0, feed.shards()).boxed().toList(), tasks(feed));
  }

  private int tasks(Feed feed) {
    return Math.max(1, Math.min(feed.shards(), slots()));
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
    int sets = plan.exchangesState() ? down.count() / plan.layout().slices().size() : 1;
    long bytes = plan.layout().length() * Float.BYTES * sets;
    boolean small = bytes * call.activeShards() <= collectLimit;
    Gathered gathered;
    if (small && bytes <= messageLimit) {
      gathered = turn(call, down, sets);
    } else {
      gathered = job(call, down, sets, !small && plan.combiner().elementwise());
    }
    gathered.reports().sort(Comparator.comparingInt(ShardReport::shard));
    gathered.reports().forEach(report -> hosts.put(report.executor(), report.host()));
    return new Returned(
        List.copyOf(gathered.reports()),
        gathered.combined(),
        down.length() * Float.BYTES,
        gathered.bytesUp());
  }

  private record Gathered(List<ShardReport> reports, Optional<Combined> combined, long bytesUp) {}

  /** A round as a turn of the standing job. */
  private Gathered turn(RoundCall call, Parameters down, int sets) {
    List<ShardReport> reports = new ArrayList<>();
    List<Contribution> contributions = new ArrayList<>();
    long[] bytesUp = {0};
    serve(
        new Turn.OfRound(++turns, call),
        down,
        delivery -> {
          ShardReport report = (ShardReport) delivery.result();
          reports.add(report);
          if (report.counts()) {
            bytesUp[0] += delivery.vector().length;
            contributions.add(contribution(report, delivery.vector(), sets));
          }
        });
    return new Gathered(reports, combine(plan, contributions, call.round()), bytesUp[0]);
  }

  /** Has all shards of a feed do a turn, with a job that is as wide as the cluster is now. */
  private void serve(Turn turn, Parameters down, Consumer<Roster.Delivery> deliveries) {
    int tasks = tasks(plan.feed());
    int shards = plan.feeds().get(turn.feed()).shards();
    StandingJob.Told told = new StandingJob.Told(turn, down);
    boolean served = false;
    while (!served) {
      endIfSpent(tasks);
      if (standing.isEmpty()) {
        standing = Optional.of(new StandingJob(spark, run, ++jobs, tasks, planBytes));
      }
      boolean failed = true;
      try {
        served = standing.get().serve(told, shards, deliveries);
        endIfSpent(tasks);
        failed = false;
      } finally {
        // What Spark throws from here is checked in Java, but not declared: no catch would do.
        if (failed) {
          endStanding();
        }
      }
    }
  }

  /** A job in which something failed, or of another width, serves no further turn. */
  private void endIfSpent(int tasks) {
    if (standing.isPresent() && (standing.get().spent() || standing.get().tasks() != tasks)) {
      StandingJob spent = standing.get();
      standing = Optional.empty();
      spent.end();
    }
  }

  /** Frees the slots that the standing job holds: other jobs may need them all. */
  private void endStanding() {
    standing.ifPresent(StandingJob::close);
    standing = Optional.empty();
  }

  /** A round as a Spark job of its own. */
  private Gathered job(RoundCall call, Parameters down, int sets, boolean cut) {
    endStanding();
    Broadcast<byte[][]> sent = spark.broadcast(Wire.encodeSlices(EXACT, down));
    try {
      RoundTask task = new RoundTask(run, planBytes, sent);
      return cut ? shuffle(task, call, sets) : collect(task, call, sets);
    } finally {
      sent.destroy();
    }
  }

  private Contribution contribution(ShardReport report, byte[] encoded, int sets) {
    Parameters vector =
        received.computeIfAbsent(report.shard(), shard -> Wire.zeros(plan.layout(), sets));
    plan.codec().decode(ByteBuffer.wrap(encoded), vector);
    return new Contribution(report.shard(), report.tally().weight(), plan.form(), vector);
  }

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
        contributions.add(contribution(report, encoded, sets));
      }
    }
    return new Gathered(reports, combine(plan, contributions, call.round()), bytesUp);
  }

  private static Optional<Combined> combine(
      Plan plan, List<Contribution> contributions, long round) {
    contributions.sort(Comparator.comparingInt(Contribution::shard));
    return contributions.isEmpty()
        ? Optional.empty()
        : Optional.of(plan.combiner().combineInParallel(contributions, round));
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
    Map<Integer, Score> scores = new TreeMap<>();
    if (parameters.length() * Float.BYTES <= messageLimit) {
      serve(
          new Turn.OfScore(++turns, feed),
          parameters,
          delivery -> scores.put(delivery.shard(), (Score) delivery.result()));
    } else {
      scoreByJob(feed, parameters).forEach(scored -> scores.put(scored.shard(), scored.score()));
    }
    return scores.values().stream().reduce(Score.NONE, Score::plus);
  }

  private List<RoundTask.ShardScore> scoreByJob(String feed, Parameters parameters) {
    endStanding();
    Broadcast<byte[][]> sent = spark.broadcast(Wire.encodeSlices(EXACT, parameters));
    try {
      RoundTask task = new RoundTask(run, planBytes, sent);
      List<byte[]> scored =
          ShardJob.run(
              spark, shards.get(feed), numbers -> map(task.scores(feed, numbers), Wire::serialize));
      return scored.stream()
          .map(bytes -> Wire.deserialize(bytes, RoundTask.ShardScore.class))
          .toList();
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
    endStanding();
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
