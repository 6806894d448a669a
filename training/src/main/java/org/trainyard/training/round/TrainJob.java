package org.trainyard.training.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.TableFeed;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.training.checkpoint.CheckpointSelector;
import org.trainyard.training.checkpoint.Checkpoints;
import org.trainyard.training.checkpoint.TrainedModel;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.LayerRates;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.Schedule;
import org.trainyard.training.optimize.StepRule;
import org.trainyard.training.optimize.UpdateRule;

/** One training run as a step of a pipeline: from tables of batches to a model. */
final class TrainJob implements Job {
  /** Input that may be left out: what each epoch is judged by. */
  static final String HELD_OUT = "held-out";

  /** Output: the model. */
  static final String MODEL = "model";

  private final Train.Config settings;

  TrainJob(Train.Config settings) {
    this.settings = settings;
  }

  @Override
  public List<Port> inputs() {
    List<Port> ports = new ArrayList<>(settings.feed().create().inputs());
    Check.require(
        ports.stream().noneMatch(port -> port.name().equals(HELD_OUT)),
        "feed",
        "must not train on the input '%s'",
        HELD_OUT);
    if (ports.stream().noneMatch(port -> port.name().equals(FeedSource.BATCHES))) {
      // May stay connected while feeds are compared.
      ports.add(Port.table(FeedSource.BATCHES, BatchTable.SCHEMA).orNothing());
    }
    ports.add(Port.table(HELD_OUT, BatchTable.SCHEMA).orNothing());
    return ports;
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.artifact(MODEL));
  }

  @Override
  public void run(JobContext context) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Storage storage = new Storage(spark.hadoopConfiguration());
    FeedSource source = settings.feed().create();
    Map<String, Table> tables = new TreeMap<>();
    for (Port port : source.inputs()) {
      tables.put(port.name(), context.table(port.name()));
    }
    FeedSource.Supply supply =
        source.open(context.spark(), tables, settings.seed(), settings.epochs());
    Check.require(
        supply.heldOut().isEmpty() || !context.has(HELD_OUT),
        "from",
        "leave out '%s': the feed holds out examples itself",
        HELD_OUT);
    SortedMap<String, Feed> feeds = new TreeMap<>();
    feeds.put(Plan.TRAINING, supply.feed());
    supply.heldOut().ifPresent(heldOut -> feeds.put(HELD_OUT, heldOut));
    if (context.has(HELD_OUT)) {
      feeds.put(HELD_OUT, TableFeed.inOrder(context.table(HELD_OUT)));
    }
    Check.require(
        !settings.hasTarget() || feeds.containsKey(HELD_OUT),
        settings.targetLoss() > 0 ? "target-loss" : "target-accuracy",
        "needs the input '%s': connect a table of held-out batches",
        HELD_OUT);
    requireRounds(supply);
    DataFacts facts = supply.facts();
    if (context.has(HELD_OUT)) {
      facts.requireOf(context.table(HELD_OUT));
    }
    Check.require(
        settings.targetAccuracy() == 0 || facts.values() == 0,
        "target-accuracy",
        "has no meaning where values are predicted; set target-loss, a mean squared error");
    ModelSpec spec = settings.model().create().spec(facts);
    Engine engine = settings.engine().create();
    Engines.check(engine, spec, device(spark.getConf()));
    if (supply.packed() || (context.has(HELD_OUT) && BatchTable.packed(context.table(HELD_OUT)))) {
      Engines.checkPacked(engine, spec);
    }

    EngineOpener opener = new EngineOpener(settings.engine(), spec, options(spark.getConf()));
    Layout layout;
    Parameters initial;
    try (Replica replica = opener.open(Device.CPU)) {
      layout = replica.layout();
      initial = Parameters.zeros(layout);
      replica.store(initial);
    }
    Plan plan = plan(opener, layout, feeds, supply);
    CheckpointSelector selector = settings.average().create();
    Checkpoints checkpoints =
        new Checkpoints(
            storage,
            new Path(context.checkpoint(), "rounds"),
            layout,
            settings.keepCheckpoints(),
            selector.window());
    Optional<Checkpoints.Saved> saved = checkpoints.latest();
    TrainingState start =
        saved.map(Checkpoints.Saved::state).orElseGet(() -> RoundLoop.start(plan, initial));
    saved.ifPresent(from -> tellResumed(context, from));
    try (RoundLoop loop = new RoundLoop(spark, plan, settings.maxBadRounds())) {
      Journal journal =
          new Journal(
              context,
              settings,
              plan,
              loop,
              checkpoints,
              selector,
              saved.map(Checkpoints.Saved::figures).orElseGet(TreeMap::new),
              supply);
      TrainingState end = loop.run(start, settings.epochs(), journal);
      publish(context, storage, spec, facts, plan, checkpoints, selector, end);
      journal.metrics(end);
      supply.figures().apply(end.position().epoch()).forEach(context::metric);
    }
  }

  /** Real units of the whole run. */
  private long units(FeedSource.Supply supply) {
    return LongStream.range(0, settings.epochs())
        .map(epoch -> supply.epoch().apply(epoch).units())
        .sum();
  }

  /** Where batches build on one another, a round must hold an epoch. */
  private void requireRounds(FeedSource.Supply supply) {
    if (!supply.epoch().apply(0).inOneRound()) {
      return;
    }
    Check.require(
        settings.mode() == RoundMode.LOCAL,
        "mode",
        "must be local: the batches of this feed build on one another");
    for (int shard = 0; shard < supply.feed().shards(); shard++) {
      Check.require(
          settings.localSteps() >= supply.feed().batches(shard, 0),
          "local-steps",
          "must be at least the %d batches of an epoch, which build on one another, but is %d",
          supply.feed().batches(shard, 0),
          settings.localSteps());
    }
  }

  private Plan plan(
      ModelOpener opener, Layout layout, SortedMap<String, Feed> feeds, FeedSource.Supply supply) {
    boolean local = settings.mode() == RoundMode.LOCAL;
    return new Plan(
        opener,
        layout,
        feeds,
        rule(layout),
        schedule(supply),
        units(supply),
        settings.mode(),
        local ? settings.localSteps() : 1,
        settings.batchesPerStep(),
        settings.localState(),
        settings.outer().create(),
        settings.combine().create(),
        settings.codec().create(),
        settings.seed());
  }

  private StepRule rule(Layout layout) {
    UpdateRule rule = LayerRates.of(settings.rule().create(), settings.rateFactors(), layout);
    Clipping clipping = new Clipping(settings.clipNorm(), settings.clipLayers().create());
    return settings.step().create().around(new PlainStep(rule, clipping));
  }

  /** A step takes batches of one shard, or of all in mode synchronous. */
  private Schedule schedule(FeedSource.Supply supply) {
    Feed feed = supply.feed();
    long batches = 0;
    int shards = 0;
    for (int shard = 0; shard < feed.shards(); shard++) {
      batches += feed.batches(shard, 0);
      shards += feed.batches(shard, 0) > 0 ? 1 : 0;
    }
    double together =
        settings.batchesPerStep() * (settings.mode() == RoundMode.LOCAL ? 1.0 : shards);
    double examples = together * supply.epoch().apply(0).examples() / Math.max(1, batches);
    return settings
        .rateScaling()
        .of(settings.schedule().create(), examples, settings.referenceBatch());
  }

  private static void tellResumed(JobContext context, Checkpoints.Saved saved) {
    context.event(
        "resumed",
        Map.of(
            "round", saved.state().position().round(),
            "epoch", saved.state().position().epoch()));
  }

  private void publish(
      JobContext context,
      Storage storage,
      ModelSpec spec,
      DataFacts facts,
      Plan plan,
      Checkpoints checkpoints,
      CheckpointSelector selector,
      TrainingState end) {
    Path folder = context.folder(MODEL);
    long after = end.position().epoch() + 1;
    Parameters chosen =
        selector.select(checkpoints.epochEnds(selector.window(), after), plan.layout());
    new TrainedModel(settings.engine(), spec, facts, plan.layout(), chosen).write(storage, folder);
    if (!chosen.equals(end.parameters())) {
      TrainedModel.writeParameters(
          storage, new Path(folder, TrainedModel.LAST), plan.layout(), end.parameters());
    }
    checkpoints.writeHistory(end.position().round(), new Path(folder, TrainedModel.HISTORY));
  }

  private Options options(SparkConf conf) {
    return new Options(settings.seed(), conf.getInt("spark.task.cpus", 1), 0);
  }

  private static Device device(SparkConf conf) {
    return conf.contains("spark.task.resource.gpu.amount")
        ? new Device(Device.Kind.GPU, "0")
        : Device.CPU;
  }
}
