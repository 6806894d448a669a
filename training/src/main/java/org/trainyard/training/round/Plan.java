package org.trainyard.training.round;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.combine.Combiner;
import org.trainyard.training.combine.Contribution;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.optimize.OuterRule;
import org.trainyard.training.optimize.Schedule;
import org.trainyard.training.optimize.StepRule;

/**
 * All of a training run that does not change from round to round. Sent once to each executor.
 *
 * @param opener opens the model
 * @param layout of its parameters
 * @param feeds batches by name; {@link #TRAINING} is trained on, others can be scored
 * @param rule takes steps
 * @param schedule factor on the rule's rate
 * @param totalUnits real units of the whole run, for the schedule
 * @param mode what shards do between two exchanges
 * @param localSteps steps between two exchanges; 1 if synchronous
 * @param batchesPerStep batches of a shard whose gradients are summed to one
 * @param localState what becomes of the rule's state when parameters are combined
 * @param outer makes the model of what the shards' local steps lead to
 * @param combiner makes one vector of those of all shards
 * @param codec writes vectors for the way
 * @param seed of all random numbers of the run
 */
public record Plan(
    ModelOpener opener,
    Layout layout,
    SortedMap<String, Feed> feeds,
    StepRule rule,
    Schedule schedule,
    long totalUnits,
    RoundMode mode,
    int localSteps,
    int batchesPerStep,
    LocalState localState,
    OuterRule outer,
    Combiner combiner,
    Codec codec,
    long seed)
    implements Serializable {
  /** Name of the feed that is trained on. */
  public static final String TRAINING = "training";

  /** Keeps its own copy and checks that modes agree. */
  public Plan {
    feeds = Collections.unmodifiableSortedMap(new TreeMap<>(feeds));
    if (!feeds.containsKey(TRAINING)) {
      throw new IllegalArgumentException("There is no feed to train on: " + feeds.keySet());
    }
    if (localSteps < 1 || (mode == RoundMode.SYNCHRONOUS && localSteps != 1)) {
      throw new IllegalArgumentException("%d local steps in mode %s".formatted(localSteps, mode));
    }
    if (mode == RoundMode.LOCAL && localState == LocalState.AVERAGED && !codec.exact()) {
      throw new IllegalArgumentException("The state of a rule must be sent exactly");
    }
    if (batchesPerStep < 1) {
      throw new IllegalArgumentException("A step takes %d batches".formatted(batchesPerStep));
    }
  }

  /** A batch a step. */
  public Plan(
      ModelOpener opener,
      Layout layout,
      SortedMap<String, Feed> feeds,
      StepRule rule,
      Schedule schedule,
      long totalUnits,
      RoundMode mode,
      int localSteps,
      LocalState localState,
      OuterRule outer,
      Combiner combiner,
      Codec codec,
      long seed) {
    this(
        opener,
        layout,
        feeds,
        rule,
        schedule,
        totalUnits,
        mode,
        localSteps,
        1,
        localState,
        outer,
        combiner,
        codec,
        seed);
  }

  /** The feed that is trained on. */
  Feed feed() {
    return feeds.get(TRAINING);
  }

  /** Batches that a shard takes in a round, if it has as many. */
  long batchesPerRound() {
    return (long) localSteps * batchesPerStep;
  }

  /**
   * The learning rate of a step.
   *
   * @param seen real units seen before it
   * @param epoch that it belongs to
   */
  double rate(long seen, long epoch) {
    return rule.learningRate() * schedule.factor(seen, totalUnits) * feed().rate(epoch);
  }

  /** How a shard's vector and weight belong together. */
  Contribution.Form form() {
    return mode == RoundMode.SYNCHRONOUS ? Contribution.Form.SUM : Contribution.Form.VALUE;
  }

  /** Whether shards send what their steps changed, not where they led. */
  boolean sendsChange() {
    return mode == RoundMode.LOCAL && (outer.takesChange() || !codec.exact());
  }

  /** The state that the driver keeps before the first round: the rule's, then the outer rule's. */
  List<Parameters> freshState() {
    List<Parameters> state = new ArrayList<>();
    if (mode == RoundMode.SYNCHRONOUS || exchangesState()) {
      state.addAll(rule.freshState(layout));
    }
    if (mode == RoundMode.LOCAL) {
      state.addAll(outer.freshState(layout));
    }
    return state;
  }

  /** Whether executors need the rule's state and hand it back. */
  boolean exchangesState() {
    return mode == RoundMode.LOCAL && localState == LocalState.AVERAGED;
  }

  /** Seed of one pass: depends on nothing but its place in the run. */
  long passSeed(long round, int shard, int step) {
    long mixed = Permutation.mix(seed ^ 0x7261696E79617264L);
    mixed = Permutation.mix(mixed + round);
    mixed = Permutation.mix(mixed + shard);
    return Permutation.mix(mixed + step);
  }
}
