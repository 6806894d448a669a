package org.trainyard.training.round;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.codec.Float32;
import org.trainyard.training.combine.WeightedMean;
import org.trainyard.training.dl4j.MatrixPeak;
import org.trainyard.training.dl4j.StockTraining;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.OuterMean;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

/**
 * An epoch of the round loop against an epoch of Deeplearning4j's own {@code
 * ParameterAveragingTrainingMaster} on the same batches, network, rule, workers and averaging
 * frequency, in one Spark session of two task slots; and a round's overhead against an empty Spark
 * job.
 *
 * <p>The stock master runs with both of its approaches, and the faster one counts. Epochs of all
 * contestants alternate; the first of each is a warm-up and does not count. Figures are medians.
 */
public final class RoundsBenchmark implements Benchmark {
  private static final int INPUTS = 784;
  private static final int HIDDEN = 256;
  private static final int CLASSES = 10;
  private static final int BATCHES = 256;
  private static final int BATCH_SIZE = 32;
  private static final int WORKERS = 2;
  private static final int LOCAL_STEPS = 8;
  private static final double RATE = 0.05;
  private static final int EPOCHS = 7;
  private static final int EMPTY_ROUNDS = 200;
  private static final double BAR = 8;
  private static final double NEXT_BAR = 10;
  private static final double OVERHEAD_BAR = 3;

  /** Of a step: forward, and back to the weights; to the input of the last layer only. */
  private static final double STEP_OPERATIONS =
      2.0 * BATCH_SIZE * (2.0 * INPUTS * HIDDEN + 3.0 * HIDDEN * CLASSES);

  /** A round that computes this much longer than its exchange takes should hardly feel it. */
  private static final double COMPUTE_OVER_EXCHANGE = 12;

  private static final double ROUND_BAR = 1.10;

  /**
   * A network for which a round is held against its compute alone.
   *
   * @param hidden width of the hidden layer
   * @param emptyRounds rounds without compute that are timed
   * @param rounds rounds with compute that are timed
   */
  private record Size(String name, int hidden, int emptyRounds, int rounds) {}

  private static final List<Size> SIZES =
      List.of(new Size("200k", HIDDEN, EMPTY_ROUNDS, 40), new Size("2m", 2_516, 60, 20));

  private static ModelSpec model(int hidden) {
    return new ModelSpec(
        new InputSpec(InputSpec.Kind.FEATURES, List.of(INPUTS), 0),
        List.of(
            new LayerSpec.Dense("hidden", hidden, LayerSpec.Activation.RELU),
            new LayerSpec.Classes("classes", CLASSES)));
  }

  @Override
  public String name() {
    return "rounds";
  }

  @Override
  public String summary() {
    return "An epoch of the round loop against Deeplearning4j's own parameter averaging.";
  }

  @Override
  public List<Figure> run() throws Exception {
    Map<String, String> properties =
        Map.of(
            "spark.master", "local[%d]".formatted(WORKERS),
            "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
            "spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
    try (SparkSession session = Sessions.open("bench rounds", properties)) {
      session.sparkContext().setLogLevel("ERROR");
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      return measure(spark);
    }
  }

  private static List<Figure> measure(JavaSparkContext spark) throws Exception {
    List<Batch> batches = batches(BATCHES);
    List<Double> exported = new ArrayList<>();
    List<Double> direct = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> raw = new ArrayList<>();
    double stockLoss;
    double ourLoss;
    Plan plan = plan(opener(HIDDEN), batches, LOCAL_STEPS);
    try (StockTraining export = new StockTraining(spark, setup(true), batches);
        StockTraining partitions = new StockTraining(spark, setup(false), batches);
        RoundLoop loop = new RoundLoop(spark, plan, 0);
        RawSteps steps = new RawSteps(plan, BATCHES)) {
      TrainingState state = RoundLoop.start(plan, initial(plan));
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        exported.add(seconds(export::epoch));
        direct.add(seconds(partitions::epoch));
        long started = System.nanoTime();
        state = loop.run(state, epoch + 1L, new RoundListener() {});
        ours.add((System.nanoTime() - started) / 1e9);
        raw.add(seconds(steps::epoch));
      }
      stockLoss = export.loss();
      ourLoss = loop.score(Plan.TRAINING, state.parameters()).lossPerUnit();
    }
    double stock = Math.min(median(exported), median(direct));
    double emptyJob = emptyJobSeconds(spark);
    double emptyRound = emptyRoundSeconds(spark, plan.layout(), EMPTY_ROUNDS);
    double peak = MatrixPeak.operationsPerSecond();
    double rawStep = median(raw) / (BATCHES / WORKERS);
    double speedup = stock / median(ours);
    List<Figure> figures = new ArrayList<>();
    for (Size size : SIZES) {
      figures.addAll(roundOverCompute(spark, size));
    }
    figures.addAll(
        List.of(
            Figure.shown("stock_export_epoch_seconds", median(exported)),
            Figure.shown("stock_direct_epoch_seconds", median(direct)),
            Figure.shown("epoch_seconds", median(ours)),
            Figure.shown("raw_steps_epoch_seconds", median(raw)),
            Figure.shown("stock_loss", stockLoss),
            Figure.shown("loss", ourLoss),
            Figure.shown("raw_step_milliseconds", 1000 * rawStep),
            Figure.shown("gemm_peak_gflops", peak / 1e9),
            Figure.shown("raw_step_over_gemm_bound", rawStep * peak / STEP_OPERATIONS),
            Figure.shown("empty_job_milliseconds", 1000 * emptyJob),
            Figure.shown("round_without_compute_milliseconds", 1000 * emptyRound),
            Figure.atMost("round_over_empty_job", emptyRound / emptyJob, OVERHEAD_BAR),
            Figure.shown("epoch_over_raw_steps", median(ours) / median(raw)),
            Figure.atLeast("speedup_over_stock", speedup, BAR),
            speedup >= NEXT_BAR
                ? Figure.atLeast("speedup_over_stock_next", speedup, NEXT_BAR)
                : Figure.shown("speedup_over_stock_next", speedup)));
    return figures;
  }

  /** Rounds whose local steps are chosen by what an exchange takes, against the steps alone. */
  private static List<Figure> roundOverCompute(JavaSparkContext spark, Size size) throws Exception {
    ModelOpener opener = opener(size.hidden());
    List<Batch> few = batches(2 * LOCAL_STEPS);
    Plan probe = plan(opener, few, 1);
    double exchange = emptyRoundSeconds(spark, probe.layout(), size.emptyRounds());
    int localSteps;
    try (RawSteps steps = new RawSteps(probe, LOCAL_STEPS)) {
      double step = median(timed(size.rounds(), steps::epoch)) / LOCAL_STEPS * WORKERS;
      localSteps = (int) Math.ceil(COMPUTE_OVER_EXCHANGE * exchange / step);
    }
    List<Batch> batches = new ArrayList<>();
    while (batches.size() < size.rounds() * localSteps * WORKERS) {
      batches.addAll(few);
    }
    Plan plan = plan(opener, batches, localSteps);
    List<Double> rounds = rounds(spark, plan, initial(plan), size.rounds());
    double raw;
    try (RawSteps steps = new RawSteps(plan, localSteps * WORKERS)) {
      raw = median(timed(size.rounds(), steps::epoch));
    }
    return List.of(
        Figure.shown("exchange_milliseconds_" + size.name(), 1000 * exchange),
        Figure.shown("local_steps_" + size.name(), localSteps),
        Figure.shown("compute_milliseconds_" + size.name(), 1000 * raw),
        Figure.shown("round_milliseconds_" + size.name(), 1000 * median(rounds)),
        Figure.atMost("round_over_compute_" + size.name(), median(rounds) / raw, ROUND_BAR));
  }

  private static List<Double> timed(int times, Work work) throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      seconds.add(seconds(work));
    }
    return seconds;
  }

  private static StockTraining.Setup setup(boolean export) {
    return new StockTraining.Setup(
        INPUTS, HIDDEN, CLASSES, RATE, WORKERS, LOCAL_STEPS, BATCH_SIZE, export);
  }

  /** Points around ten centres, the same ones each time. */
  private static List<Batch> batches(int count) {
    SplittableRandom random = new SplittableRandom(1);
    float[][] centres = new float[CLASSES][INPUTS];
    for (float[] centre : centres) {
      for (int i = 0; i < INPUTS; i++) {
        centre[i] = random.nextFloat();
      }
    }
    List<Batch> batches = new ArrayList<>();
    for (int batch = 0; batch < count; batch++) {
      float[] input = new float[BATCH_SIZE * INPUTS];
      int[] target = new int[BATCH_SIZE];
      for (int example = 0; example < BATCH_SIZE; example++) {
        target[example] = random.nextInt(CLASSES);
        for (int i = 0; i < INPUTS; i++) {
          input[example * INPUTS + i] =
              0.3f * centres[target[example]][i] + 0.7f * random.nextFloat();
        }
      }
      long first = (long) batch * BATCH_SIZE;
      batches.add(
          Batch.of(
              LongStream.range(first, first + BATCH_SIZE).toArray(),
              Tensor.ofFloats(Batch.INPUT, new int[] {BATCH_SIZE, INPUTS}, input),
              Tensor.ofInts(Batch.TARGET, new int[] {BATCH_SIZE}, target)));
    }
    return batches;
  }

  private static ModelOpener opener(int hidden) {
    return new EngineOpener(
        new Choice<>(EngineTechnique.class.getName(), Engines.STANDARD, "{}"),
        model(hidden),
        Options.seeded(1));
  }

  private static Parameters initial(Plan plan) {
    try (Replica replica = plan.opener().open(Device.CPU)) {
      Parameters initial = Parameters.zeros(replica.layout());
      replica.store(initial);
      return initial;
    }
  }

  private static Plan plan(ModelOpener opener, List<Batch> batches, int localSteps) {
    Layout layout;
    try (Replica replica = opener.open(Device.CPU)) {
      layout = replica.layout();
    }
    UpdateRule rule =
        new Choice<UpdateRule>(
                UpdateRuleTechnique.class.getName(),
                "sgd",
                "{\"learning-rate\": %s}".formatted(RATE))
            .create();
    return new Plan(
        opener,
        layout,
        new TreeMap<>(Map.of(Plan.TRAINING, new MemoryFeed(batches, WORKERS, 1))),
        new PlainStep(rule, Clipping.NONE),
        (seen, total) -> 1,
        1,
        RoundMode.LOCAL,
        localSteps,
        LocalState.AVERAGED,
        new OuterMean.Mean(),
        new WeightedMean().create(new WeightedMean.Settings()),
        new Float32(),
        1);
  }

  /**
   * The same steps without Spark: one replica and one thread for each worker, nothing exchanged.
   */
  private static final class RawSteps implements AutoCloseable {
    private final Plan plan;
    private final List<ShardWorker> workers;
    private final List<Parameters> weights;
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);

    /**
     * @param batches that an epoch takes, of all workers together
     */
    RawSteps(Plan plan, int batches) {
      this.plan =
          new Plan(
              plan.opener(),
              plan.layout(),
              plan.feeds(),
              plan.rule(),
              plan.schedule(),
              1,
              RoundMode.LOCAL,
              batches / WORKERS,
              LocalState.RESET,
              new OuterMean.Mean(),
              plan.combiner(),
              plan.codec(),
              1);
      this.workers =
          IntStream.range(0, WORKERS)
              .mapToObj(worker -> new ShardWorker(this.plan, plan.opener().open(Device.CPU)))
              .toList();
      this.weights = IntStream.range(0, WORKERS).mapToObj(worker -> initial(plan)).toList();
    }

    void epoch() throws Exception {
      List<Future<?>> running = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        int shard = worker;
        running.add(threads.submit(() -> steps(shard)));
      }
      for (Future<?> steps : running) {
        steps.get();
      }
    }

    private void steps(int shard) {
      RoundCall call = new RoundCall("", 0, 0, new long[WORKERS], WORKERS, 0, 0);
      try (Feed.Cursor cursor = plan.feed().open(shard, 0, 0)) {
        workers.get(shard).steps(call, shard, weights.get(shard), List.of(), cursor);
      }
    }

    @Override
    public void close() {
      threads.shutdown();
      workers.forEach(ShardWorker::close);
    }
  }

  private static double emptyJobSeconds(JavaSparkContext spark) throws Exception {
    JavaRDD<Integer> numbers = spark.parallelize(List.of(0, 1), WORKERS);
    List<Double> seconds = new ArrayList<>();
    for (int job = 0; job < EMPTY_ROUNDS; job++) {
      seconds.add(seconds(() -> numbers.foreach(number -> {})));
    }
    return median(seconds.subList(EMPTY_ROUNDS / 4, EMPTY_ROUNDS));
  }

  /**
   * A round that sends and combines all parameters of the benchmark's network and computes nothing.
   */
  private static double emptyRoundSeconds(JavaSparkContext spark, Layout layout, int rounds) {
    List<Batch> batches = new ArrayList<>();
    for (int batch = 0; batch < WORKERS * rounds; batch++) {
      batches.add(Batch.of(new long[] {batch}));
    }
    Plan plan = plan(device -> new IdleReplica(layout), batches, 1);
    List<Double> seconds = rounds(spark, plan, Parameters.zeros(layout), rounds);
    return median(seconds.subList(rounds / 4, seconds.size()));
  }

  /** Seconds of each of the first rounds of an epoch. */
  private static List<Double> rounds(
      JavaSparkContext spark, Plan plan, Parameters initial, int rounds) {
    List<Double> seconds = new ArrayList<>();
    try (RoundLoop loop = new RoundLoop(spark, plan, 0)) {
      loop.run(
          RoundLoop.start(plan, initial),
          1,
          new RoundListener() {
            @Override
            public void afterRound(RoundReport report, TrainingState state) {
              seconds.add(report.seconds());
            }
          });
    }
    return seconds.subList(0, rounds);
  }

  /** Has a layout and does nothing. */
  private record IdleReplica(Layout layout) implements Replica {
    @Override
    public void load(Parameters from) {
      // Nothing is computed.
    }

    @Override
    public void store(Parameters into) {
      // Nothing is computed.
    }

    @Override
    public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
      return new GradientSum(0, 1, new TreeMap<>(), true);
    }

    @Override
    public Pass forward(Batch batch, Mode mode) {
      throw new UnsupportedOperationException("nothing is computed");
    }

    @Override
    public Scores score(Batch batch) {
      throw new UnsupportedOperationException("nothing is computed");
    }

    @Override
    public byte[] state() {
      return new byte[0];
    }

    @Override
    public void restore(byte[] state) {
      // There is none.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** What is timed. */
  private interface Work {
    void run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long started = System.nanoTime();
    work.run();
    return (System.nanoTime() - started) / 1e9;
  }

  private static double median(List<Double> seconds) {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).toArray();
    sorted = seconds.size() > 2 ? Arrays.copyOfRange(sorted, 1, sorted.length) : sorted;
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
