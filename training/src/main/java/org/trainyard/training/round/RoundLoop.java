package org.trainyard.training.round;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.training.checkpoint.Position;
import org.trainyard.training.checkpoint.Tally;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.optimize.StepRule;

/**
 * Trains in rounds: sends parameters, lets every shard take its next batches, combines what comes
 * back.
 *
 * <p>What a round does depends on the state before it, the feed and the plan alone. So the same
 * data, seed and shards give bit-equal parameters for any number of executors and task slots, after
 * retries, and after a resume at any round; given the same native library, instruction set and
 * threads per task.
 *
 * <p>In an epoch every shard hands out each of its batches once, in the feed's order; the epoch
 * ends when all shards are through. A shard that is through earlier, or has no batch at all, weighs
 * nothing.
 */
public final class RoundLoop implements AutoCloseable {
  private final Plan plan;
  private final long maxBadRounds;
  private final Exchange exchange;

  /** Sets of the outer rule's state: the last ones of a state. */
  private final int outerSets;

  /** Used on the driver in mode synchronous only. */
  private final Optional<StepRule.Stepper> stepper;

  /**
   * @param plan what is trained
   * @param maxBadRounds how many rounds with a gradient that is not finite are borne before it
   *     stops
   */
  public RoundLoop(JavaSparkContext spark, Plan plan, long maxBadRounds) {
    this(plan, maxBadRounds, new Exchange(spark, plan));
  }

  RoundLoop(Plan plan, long maxBadRounds, Exchange exchange) {
    this.plan = plan;
    this.maxBadRounds = maxBadRounds;
    this.exchange = exchange;
    this.outerSets =
        plan.mode() == RoundMode.LOCAL ? plan.outer().freshState(plan.layout()).size() : 0;
    this.stepper =
        plan.mode() == RoundMode.SYNCHRONOUS
            ? Optional.of(plan.rule().open(plan.layout()))
            : Optional.empty();
  }

  /** The state before the first round. */
  public static TrainingState start(Plan plan, Parameters initial) {
    return new TrainingState(Position.start(plan.feed().shards()), initial, plan.freshState());
  }

  /** Rounds of one epoch: as many as the longest shard needs. */
  public static long roundsIn(Plan plan, long epoch) {
    long rounds = 0;
    for (int shard = 0; shard < plan.feed().shards(); shard++) {
      long batches = plan.feed().batches(shard, epoch);
      rounds = Math.max(rounds, (batches + plan.batchesPerRound() - 1) / plan.batchesPerRound());
    }
    return rounds;
  }

  /**
   * Trains up to the end of an epoch.
   *
   * @param from where to go on; left as it is
   * @param epochs how many epochs the run has in all
   * @return the state at the end
   * @throws GateException if too many rounds had a gradient that is not finite
   */
  public TrainingState run(TrainingState from, long epochs, RoundListener listener) {
    TrainingState state =
        new TrainingState(
            from.position(),
            from.parameters().copy(),
            from.ruleState().stream().map(Parameters::copy).toList());
    while (state.position().epoch() < epochs) {
      if (roundsIn(plan, state.position().epoch()) == 0) {
        throw new DataException(
            "Epoch %d has no batches in any of %d shards. Check the table of batches"
                .formatted(state.position().epoch(), plan.feed().shards()));
      }
      if (!epochIsThrough(state.position())) {
        Round round = new Round(state);
        state = round.run();
        requireSound(state.position());
        listener.afterRound(round.report, state);
      }
      if (epochIsThrough(state.position())) {
        Tally epoch = state.position().tally();
        state =
            new TrainingState(state.position().nextEpoch(), state.parameters(), state.ruleState());
        listener.afterEpoch(state, epoch);
      }
    }
    return state;
  }

  private void requireSound(Position position) {
    if (position.skippedRounds() > maxBadRounds) {
      throw new GateException(
          ("%d rounds had a gradient or parameters that are not finite, the last one round %d of"
                  + " epoch %d. Lower the learning rate, set clip-norm, or raise max-bad-rounds")
              .formatted(position.skippedRounds(), position.round() - 1, position.epoch()));
    }
  }

  private boolean epochIsThrough(Position position) {
    Feed feed = plan.feed();
    for (int shard = 0; shard < feed.shards(); shard++) {
      if (position.next().get(shard) < feed.batches(shard, position.epoch())) {
        return false;
      }
    }
    return true;
  }

  /** How the trained parameters lie. */
  public Layout layout() {
    return plan.layout();
  }

  /** Scores parameters on a feed of the plan, over all its shards. */
  public Score score(String feed, Parameters parameters) {
    return exchange.score(feed, parameters);
  }

  @Override
  public void close() {
    exchange.close();
  }

  /** One round, from the state before it. */
  private final class Round {
    private final TrainingState before;
    private final Position position;
    private final RoundCall call;
    private final double rate;
    private final long started = System.nanoTime();
    private final List<ShardReport> reports = new ArrayList<>();
    private long bytesDown;
    private long bytesUp;
    private TreeSet<Integer> distrusted = new TreeSet<>();
    private RoundReport report;

    Round(TrainingState before) {
      this.before = before;
      this.position = before.position();
      long[] next = position.next().stream().mapToLong(Long::longValue).toArray();
      int active = 0;
      for (int shard = 0; shard < next.length; shard++) {
        active += next[shard] < plan.feed().batches(shard, position.epoch()) ? 1 : 0;
      }
      boolean reset = plan.mode() == RoundMode.LOCAL && plan.localState() == LocalState.RESET;
      this.call =
          new RoundCall(
              exchange.run(),
              position.round(),
              position.epoch(),
              next,
              active,
              position.seen(),
              reset ? 0 : position.step());
      this.rate = plan.rate(position.seen(), position.epoch());
    }

    TrainingState run() {
      return plan.mode() == RoundMode.SYNCHRONOUS ? synchronous() : local();
    }

    /** The rule is applied here, once; its oracle is the cluster. */
    private TrainingState synchronous() {
      StepRule.Outcome outcome =
          stepper
              .orElseThrow()
              .step(
                  before.parameters(),
                  before.ruleState(),
                  position.step() + 1,
                  rate,
                  this::gradientOfAllShards);
      boolean bad = !outcome.sum().finite();
      return after(
          before.parameters(),
          before.ruleState(),
          outcome.taken() ? 1 : 0,
          outcome.gradientNorm(),
          bad);
    }

    /** The mean gradient of this round's batches, as a sum of weight 1. */
    private GradientSum gradientOfAllShards(Parameters weights, Parameters gradient) {
      Exchange.Returned returned = exchange(weights);
      boolean finite = returned.reports().stream().allMatch(shard -> shard.skipped() == 0);
      if (returned.combined().isEmpty() || !finite) {
        return new GradientSum(0, 0, Collections.emptySortedMap(), finite);
      }
      Tally tally = tally(returned.reports());
      gradient.set(returned.combined().get().mean());
      return new GradientSum(
          tally.lossPerUnit(), 1, Collections.emptySortedMap(), gradient.finite());
    }

    private TrainingState local() {
      List<Parameters> kept = before.ruleState();
      List<Parameters> inner = kept.subList(0, kept.size() - outerSets);
      Exchange.Returned returned = exchange(Wire.join(before.parameters(), inner));
      int steps = returned.reports().stream().mapToInt(ShardReport::steps).max().orElse(0);
      int skipped = returned.reports().stream().mapToInt(ShardReport::skipped).sum();
      int taken = returned.reports().stream().mapToInt(ShardReport::steps).sum();
      double norms = returned.reports().stream().mapToDouble(ShardReport::gradientNorm).sum();
      Optional<Parameters> mean = returned.combined().map(combined -> combined.mean());
      boolean finite = mean.map(Parameters::finite).orElse(true);
      if (mean.isEmpty() || !finite) {
        return after(before.parameters(), kept, 0, 0, skipped > 0 || !finite);
      }
      List<Parameters> outer = kept.subList(inner.size(), kept.size());
      List<Parameters> end = Wire.split(mean.get(), 1 + inner.size());
      if (plan.sendsChange()) {
        end = changed(inner, outer, end);
      }
      List<Parameters> state = new ArrayList<>(end.subList(1, end.size()));
      state.addAll(outer);
      return after(end.get(0), state, steps, taken == 0 ? 0 : norms / taken, skipped > 0);
    }

    /** Parameters and the rule's state, each moved by its mean change. */
    private List<Parameters> changed(
        List<Parameters> inner, List<Parameters> outer, List<Parameters> change) {
      plan.outer()
          .step(plan.layout(), before.parameters(), change.get(0), outer, position.round() + 1);
      List<Parameters> end = new ArrayList<>(List.of(before.parameters()));
      for (int set = 0; set < inner.size(); set++) {
        end.add(inner.get(set).add(change.get(1 + set), 1));
      }
      return end;
    }

    /** A rule may ask more than once in a round: the same batches count but once. */
    private Exchange.Returned exchange(Parameters down) {
      Exchange.Returned returned = exchange.round(call, down);
      if (reports.isEmpty()) {
        reports.addAll(returned.reports());
      }
      bytesDown += returned.bytesDown();
      bytesUp += returned.bytesUp();
      returned.combined().ifPresent(combined -> distrusted.addAll(combined.distrusted()));
      return returned;
    }

    private static Tally tally(List<ShardReport> reports) {
      return reports.stream().map(ShardReport::tally).reduce(Tally.NONE, Tally::plus);
    }

    private TrainingState after(
        Parameters parameters,
        List<Parameters> ruleState,
        int steps,
        double gradientNorm,
        boolean bad) {
      double seconds = (System.nanoTime() - started) / 1e9;
      Tally tally = tally(reports);
      List<Long> next = new ArrayList<>(position.next());
      reports.forEach(shard -> next.set(shard.shard(), next.get(shard.shard()) + shard.batches()));
      Position moved =
          new Position(
              position.round() + 1,
              position.epoch(),
              next,
              position.seen() + tally.units(),
              position.step() + steps,
              position.skippedRounds() + (bad ? 1 : 0),
              position.tally().plus(tally),
              position.total().plus(tally),
              position.seconds() + seconds);
      report =
          new RoundReport(
              position.round(),
              position.epoch(),
              epochIsThrough(moved),
              tally,
              terms(),
              rate,
              gradientNorm,
              reports.stream().filter(ShardReport::counts).map(ShardReport::shard).toList(),
              distrusted,
              reports.stream().mapToInt(ShardReport::skipped).sum(),
              reports.stream().mapToLong(ShardReport::multiplyAdds).sum(),
              bytesDown,
              bytesUp,
              seconds,
              reports.stream().mapToDouble(ShardReport::waited).sum(),
              reports.stream().mapToDouble(ShardReport::seconds).sum());
      return new TrainingState(moved, parameters, ruleState);
    }

    private SortedMap<String, Double> terms() {
      SortedMap<String, Double> terms = new TreeMap<>();
      reports.forEach(
          shard -> shard.terms().forEach((name, value) -> terms.merge(name, value, Double::sum)));
      return terms;
    }
  }
}
