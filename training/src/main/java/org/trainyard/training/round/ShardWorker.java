package org.trainyard.training.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkEnv;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.checkpoint.Tally;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.optimize.StepRule;

/**
 * A replica with the scratch memory to do a shard's part of a round. Keeps nothing from one shard
 * or round to the next: what it brings depends on its arguments alone, so a retry, a second attempt
 * or another executor brings the same.
 */
final class ShardWorker implements AutoCloseable {
  private final Plan plan;
  private final Replica replica;
  private final Parameters gradient;
  private final StepRule.Stepper stepper;
  private List<Parameters> scratch = List.of();
  private Optional<Parameters> start = Optional.empty();

  /** Gradient of one of several batches of a step; made when there are several. */
  private Optional<Parameters> part = Optional.empty();

  ShardWorker(Plan plan, Replica replica) {
    if (!replica.layout().equals(plan.layout())) {
      throw new IllegalStateException(
          "The model has another layout here than on the driver: do all machines run one version?");
    }
    this.plan = plan;
    this.replica = replica;
    this.gradient = Parameters.zeros(plan.layout());
    this.stepper = plan.rule().open(plan.layout());
  }

  /** Memory for as many sets of parameters, with whatever values; used again by the next call. */
  List<Parameters> scratch(int sets) {
    if (scratch.size() != sets) {
      scratch = Wire.split(Wire.zeros(plan.layout(), sets), sets);
    }
    return scratch;
  }

  /**
   * What a shard brings.
   *
   * @param report what it tells
   * @param vector gradient sum, or parameters (and rule state, one after the other), or what steps
   *     changed of these; empty if the shard does not count
   */
  record Part(ShardReport report, Optional<Parameters> vector) {
    /** The same with the times of the shard. */
    Part timed(double waited, double seconds) {
      return new Part(report.timed(waited, seconds), vector);
    }
  }

  /** The batches of one step; fewer at the end of an epoch. */
  private List<Batch> next(Feed.Cursor cursor) {
    List<Batch> batches = new ArrayList<>();
    while (batches.size() < plan.batchesPerStep()) {
      Optional<Batch> batch = cursor.next();
      if (batch.isEmpty()) {
        break;
      }
      batches.add(batch.get());
    }
    return batches;
  }

  /**
   * The gradients of the batches of a step, as one sum.
   *
   * @param first place of the first batch among those of the shard in this round
   * @param into becomes the sum
   */
  private GradientSum gradient(
      List<Batch> batches, RoundCall call, int shard, int first, Parameters at, Parameters into) {
    replica.load(at);
    GradientSum sum = GradientSum.NONE;
    for (int i = 0; i < batches.size(); i++) {
      Mode mode = Mode.train(plan.passSeed(call.round(), shard, first + i));
      if (i > 0 && part.isEmpty()) {
        part = Optional.of(Parameters.zeros(plan.layout()));
      }
      Parameters own = i == 0 ? into : part.orElseThrow();
      GradientSum next = replica.lossAndGradient(batches.get(i), mode, own);
      if (i > 0) {
        into.add(own, 1);
      }
      sum = i == 0 ? next : sum.plus(next);
    }
    return sum;
  }

  private static Tally tally(List<Batch> batches, double loss, double weight) {
    return batches.stream()
        .map(batch -> Tally.of(batch, 0, 0))
        .reduce(new Tally(0, 0, loss, weight, 0, 0), Tally::plus);
  }

  /**
   * The gradient of the shard's next batches at the given parameters. The vector is scratch memory.
   */
  Part gradient(RoundCall call, int shard, Parameters weights, Feed.Cursor cursor) {
    List<Batch> batches = next(cursor);
    int taken = batches.size();
    if (batches.isEmpty()) {
      return new Part(report(shard, 0, Tally.NONE, new TreeMap<>(), 0, 0, 0, 0), Optional.empty());
    }
    GradientSum sum = gradient(batches, call, shard, 0, weights, gradient);
    if (!sum.finite()) {
      Tally tally = tally(batches, 0, 0);
      return new Part(
          report(shard, taken, tally, new TreeMap<>(), 0, 1, 0, sum.multiplyAdds()),
          Optional.empty());
    }
    Tally tally = tally(batches, sum.loss(), sum.weight());
    ShardReport report = report(shard, taken, tally, sum.terms(), 1, 0, 0, sum.multiplyAdds());
    return new Part(report, report.counts() ? Optional.of(gradient) : Optional.empty());
  }

  /**
   * Takes the shard's local steps.
   *
   * @param weights changed: where the steps lead, or what they changed
   * @param state of the rule, changed
   */
  Part steps(
      RoundCall call, int shard, Parameters weights, List<Parameters> state, Feed.Cursor cursor) {
    Parameters all = plan.exchangesState() ? Wire.join(weights, state) : weights;
    if (plan.sendsChange()) {
      remember(all);
    }
    Tally tally = Tally.NONE;
    SortedMap<String, Double> terms = new TreeMap<>();
    int taken = 0;
    int skipped = 0;
    double norms = 0;
    LongAdder work = new LongAdder();
    int batches = 0;
    int steps = 0;
    for (; steps < plan.localSteps(); steps++) {
      List<Batch> next = next(cursor);
      if (next.isEmpty()) {
        break;
      }
      int first = batches;
      batches += next.size();
      long seen = call.seen() + call.activeShards() * tally.units();
      double rate = plan.rate(seen, call.epoch());
      StepRule.Outcome outcome =
          stepper.step(
              weights,
              state,
              call.step() + taken + 1,
              rate,
              (at, into) -> {
                GradientSum sum = gradient(next, call, shard, first, at, into);
                work.add(sum.multiplyAdds());
                return sum;
              });
      boolean took = outcome.taken();
      skipped += outcome.sum().finite() ? 0 : 1;
      taken += took ? 1 : 0;
      norms += outcome.gradientNorm();
      double loss = took ? outcome.sum().loss() : 0;
      tally = tally.plus(tally(next, loss, took ? outcome.sum().weight() : 0));
      if (took) {
        outcome.sum().terms().forEach((name, value) -> terms.merge(name, value, Double::sum));
      }
    }
    if (taken > 0 && !finite(weights, state)) {
      Tally lost = new Tally(tally.examples(), tally.units(), 0, 0, tally.xor(), tally.sum());
      return new Part(
          report(shard, batches, lost, new TreeMap<>(), 0, steps, 0, work.sum()), Optional.empty());
    }
    ShardReport report = report(shard, batches, tally, terms, taken, skipped, norms, work.sum());
    if (!report.counts()) {
      return new Part(report, Optional.empty());
    }
    return new Part(
        report, Optional.of(plan.sendsChange() ? all.add(start.orElseThrow(), -1) : all));
  }

  private void remember(Parameters values) {
    if (start.isEmpty()) {
      start = Optional.of(values.copy());
    } else {
      start.get().set(values);
    }
  }

  private static boolean finite(Parameters weights, List<Parameters> state) {
    return weights.finite() && state.stream().allMatch(Parameters::finite);
  }

  /** Scores all batches that are left. */
  Score score(Parameters weights, Feed.Cursor cursor) {
    replica.load(weights);
    Score total = Score.NONE;
    for (Optional<Batch> batch = cursor.next(); batch.isPresent(); batch = cursor.next()) {
      Scores scores = replica.score(batch.get());
      for (int i = 0; i < scores.size(); i++) {
        total = total.plus(new Score(1, scores.units()[i], scores.hits()[i], scores.loss()[i]));
      }
    }
    return total;
  }

  private static ShardReport report(
      int shard,
      int batches,
      Tally tally,
      SortedMap<String, Double> terms,
      int steps,
      int skipped,
      double norms,
      long multiplyAdds) {
    SparkEnv spark = SparkEnv.get();
    String executor = spark == null ? "" : spark.executorId();
    String host = spark == null ? "" : spark.blockManager().blockManagerId().host();
    return new ShardReport(
        shard, batches, tally, terms, steps, skipped, norms, multiplyAdds, 0, 0, executor, host);
  }

  @Override
  public void close() {
    replica.close();
  }
}
