package org.trainyard.training.round;

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
   * @param vector gradient sum, or parameters (and rule state, one after the other); empty if the
   *     shard does not count
   */
  record Part(ShardReport report, Optional<Parameters> vector) {
    /** The same with the times of the shard. */
    Part timed(double waited, double seconds) {
      return new Part(report.timed(waited, seconds), vector);
    }
  }

  /**
   * The gradient of the shard's next batch at the given parameters. The vector is scratch memory.
   */
  Part gradient(RoundCall call, int shard, Parameters weights, Feed.Cursor cursor) {
    Optional<Batch> batch = cursor.next();
    if (batch.isEmpty()) {
      return new Part(report(shard, 0, Tally.NONE, new TreeMap<>(), 0, 0, 0, 0), Optional.empty());
    }
    replica.load(weights);
    Mode mode = Mode.train(plan.passSeed(call.round(), shard, 0));
    GradientSum sum = replica.lossAndGradient(batch.get(), mode, gradient);
    if (!sum.finite()) {
      Tally tally = Tally.of(batch.get(), 0, 0);
      return new Part(
          report(shard, 1, tally, new TreeMap<>(), 0, 1, 0, sum.multiplyAdds()), Optional.empty());
    }
    Tally tally = Tally.of(batch.get(), sum.loss(), sum.weight());
    ShardReport report = report(shard, 1, tally, sum.terms(), 1, 0, 0, sum.multiplyAdds());
    return new Part(report, report.counts() ? Optional.of(gradient) : Optional.empty());
  }

  /**
   * Takes the shard's local steps.
   *
   * @param weights changed: where the steps lead
   * @param state of the rule, changed
   */
  Part steps(
      RoundCall call, int shard, Parameters weights, List<Parameters> state, Feed.Cursor cursor) {
    Tally tally = Tally.NONE;
    SortedMap<String, Double> terms = new TreeMap<>();
    int taken = 0;
    int skipped = 0;
    double norms = 0;
    LongAdder work = new LongAdder();
    int batches = 0;
    for (; batches < plan.localSteps(); batches++) {
      Optional<Batch> next = cursor.next();
      if (next.isEmpty()) {
        break;
      }
      Batch batch = next.get();
      Mode mode = Mode.train(plan.passSeed(call.round(), shard, batches));
      long seen = call.seen() + call.activeShards() * tally.units();
      double rate = plan.rule().learningRate() * plan.schedule().factor(seen, plan.totalUnits());
      StepRule.Outcome outcome =
          stepper.step(
              weights,
              state,
              call.step() + taken + 1,
              rate,
              (at, into) -> {
                replica.load(at);
                GradientSum sum = replica.lossAndGradient(batch, mode, into);
                work.add(sum.multiplyAdds());
                return sum;
              });
      boolean took = outcome.taken();
      skipped += outcome.sum().finite() ? 0 : 1;
      taken += took ? 1 : 0;
      norms += outcome.gradientNorm();
      double loss = took ? outcome.sum().loss() : 0;
      tally = tally.plus(Tally.of(batch, loss, took ? outcome.sum().weight() : 0));
      if (took) {
        outcome.sum().terms().forEach((name, value) -> terms.merge(name, value, Double::sum));
      }
    }
    if (taken > 0 && !finite(weights, state)) {
      Tally lost = new Tally(tally.examples(), tally.units(), 0, 0, tally.xor(), tally.sum());
      return new Part(
          report(shard, batches, lost, new TreeMap<>(), 0, batches, 0, work.sum()),
          Optional.empty());
    }
    ShardReport report = report(shard, batches, tally, terms, taken, skipped, norms, work.sum());
    return new Part(
        report,
        report.counts()
            ? Optional.of(plan.exchangesState() ? Wire.join(weights, state) : weights)
            : Optional.empty());
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
