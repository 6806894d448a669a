package org.trainyard.training.round;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.training.checkpoint.CheckpointSelector;
import org.trainyard.training.checkpoint.Checkpoints;
import org.trainyard.training.checkpoint.Snapshot;
import org.trainyard.training.checkpoint.Tally;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.engine.Parameters;

/**
 * What a training run leaves on its way: a line of history for each round and epoch, checkpoints,
 * scores on held-out batches, figures, progress.
 *
 * <p>Figures that must survive a resume live in the checkpoint, so that metrics of a run that was
 * cut off equal those of one that was not.
 */
final class Journal implements RoundListener {
  private static final String REACHED = "epochs_to_target";
  private static final String COST = "padded_units_to_target";
  private static final String WAITED = "waited_seconds";
  private static final String SHARD_SECONDS = "shard_seconds";
  private static final String MULTIPLY_ADDS = "multiply_adds";
  private static final String MULTIPLY_ADDS_TO_TARGET = "multiply_adds_to_target";
  private static final String LAST = "_last";
  private static final String AVERAGED = "_averaged";

  private final JobContext context;
  private final Train.Config settings;
  private final RoundLoop loop;
  private final Checkpoints checkpoints;
  private final CheckpointSelector selector;
  private final boolean heldOut;
  private final boolean averages;
  private final SortedMap<String, Double> figures;
  private final FeedSource.Supply supply;
  private final long rounds;
  private final long parameters;
  private final List<String> lines = new ArrayList<>();

  /** The first epoch's tally of each set of examples. */
  private final Map<String, Tally> firstOfSet = new TreeMap<>();

  Journal(
      JobContext context,
      Train.Config settings,
      Plan plan,
      RoundLoop loop,
      Checkpoints checkpoints,
      CheckpointSelector selector,
      SortedMap<String, Double> figures,
      FeedSource.Supply supply) {
    this.context = context;
    this.settings = settings;
    this.loop = loop;
    this.checkpoints = checkpoints;
    this.selector = selector;
    this.heldOut = plan.feeds().containsKey(TrainJob.HELD_OUT);
    this.averages = selector.window() > 1;
    this.figures = new TreeMap<>(figures);
    this.supply = supply;
    this.rounds =
        LongStream.range(0, settings.epochs()).map(epoch -> RoundLoop.roundsIn(plan, epoch)).sum();
    this.parameters = plan.layout().length();
  }

  @Override
  public void afterRound(RoundReport report, TrainingState state) {
    lines.add(Json.line(line(report, state)));
    figures.merge(WAITED, report.waited(), Double::sum);
    figures.merge(SHARD_SECONDS, report.shardSeconds(), Double::sum);
    figures.merge(MULTIPLY_ADDS, (double) report.multiplyAdds(), Double::sum);
    long done = state.position().round();
    context.progress(
        "rounds",
        done,
        rounds,
        String.format(
            Locale.ROOT,
            "loss %.4f, %.0f units/s",
            report.tally().lossPerUnit(),
            report.tally().units() / report.seconds()));
    boolean due = settings.checkpointRounds() > 0 && done % settings.checkpointRounds() == 0;
    if (due && !report.endsEpoch()) {
      save(state);
    }
  }

  private static ObjectNode line(RoundReport report, TrainingState state) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("round", report.round());
    line.put("epoch", report.epoch());
    line.put("units", state.position().seen());
    line.put("examples", report.tally().examples());
    if (report.tally().weight() > 0) {
      line.put("loss_per_unit", report.tally().lossPerUnit());
    }
    report.terms().forEach((name, sum) -> line.put("loss_" + name, sum / report.tally().weight()));
    line.put("rate", report.rate());
    line.put("gradient_norm", report.gradientNorm());
    line.put("seconds", report.seconds());
    line.put("units_per_second", report.tally().units() / report.seconds());
    line.put("waiting_share", report.waitingShare());
    line.put("bytes_down", report.bytesDown());
    line.put("bytes_up", report.bytesUp());
    if (report.multiplyAdds() > 0) {
      line.put(MULTIPLY_ADDS, report.multiplyAdds());
    }
    report.counted().forEach(line.withArray("shards")::add);
    if (report.skippedSteps() > 0) {
      line.put("skipped_steps", report.skippedSteps());
    }
    report.distrusted().forEach(shard -> line.withArray("distrusted").add(shard));
    return line;
  }

  @Override
  public void afterEpoch(TrainingState state, Tally epoch) {
    requireAllExamples(state, epoch);
    long done = state.position().epoch();
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("epochs", done);
    line.put("units", state.position().seen());
    line.put("epoch_loss_per_unit", epoch.lossPerUnit());
    line.put("epoch_examples", epoch.examples());
    line.put("epoch_ids_xor", HexFormat.of().toHexDigits(epoch.xor()));
    line.put("epoch_ids_sum", HexFormat.of().toHexDigits(epoch.sum()));
    figures.put("loss_per_unit", epoch.lossPerUnit());
    if (heldOut) {
      judge(line, LAST, "", state.parameters(), done);
      if (averages) {
        judge(line, AVERAGED, AVERAGED, averaged(state), done);
      }
    }
    lines.add(Json.line(line));
    context.event("epoch", Json.MAPPER.convertValue(line, Map.class));
    save(state);
  }

  /** The selector's choice, the state at hand included. */
  private Parameters averaged(TrainingState state) {
    long epoch = state.position().epoch();
    List<Snapshot> latest = new ArrayList<>(checkpoints.epochEnds(selector.window() - 1, epoch));
    latest.add(
        new Snapshot() {
          @Override
          public long epoch() {
            return epoch;
          }

          @Override
          public float[] slice(int index) {
            return state.parameters().slice(index).clone();
          }
        });
    return selector.select(latest, loop.layout());
  }

  private void judge(
      ObjectNode line, String figure, String column, Parameters judged, long epochs) {
    Score score = loop.score(TrainJob.HELD_OUT, judged);
    line.put("validation_loss" + column, score.lossPerUnit());
    figures.put("validation_loss" + figure, score.lossPerUnit());
    if (supply.facts().values() == 0) {
      line.put("validation_accuracy" + column, score.accuracy());
      figures.put("validation_accuracy" + figure, score.accuracy());
    }
    figures.merge("validation_loss_sum" + figure, score.lossPerUnit(), Double::sum);
    if (settings.hasTarget() && settings.reached(score)) {
      figures.putIfAbsent(REACHED + figure, (double) epochs);
      figures.putIfAbsent(MULTIPLY_ADDS_TO_TARGET + figure, multiplyAdds());
    }
  }

  /** As many examples as an epoch has; of a table each once, the same set in every epoch. */
  private void requireAllExamples(TrainingState state, Tally epoch) {
    FeedSource.Epoch expected = supply.epoch().apply(state.position().epoch() - 1);
    Tally first = firstOfSet.computeIfAbsent(expected.set(), set -> epoch);
    boolean others = !expected.set().isEmpty() && !epoch.sameExamples(first);
    if (epoch.examples() != expected.examples() || others) {
      throw new IllegalStateException(
          "%s: epoch %d saw %d examples of %d: some were lost or repeated"
              .formatted(
                  context.step(),
                  state.position().epoch() - 1,
                  epoch.examples(),
                  expected.examples()));
    }
  }

  private void save(TrainingState state) {
    checkpoints.save(state, lines, figures);
    lines.clear();
  }

  /** Reports the figures of the whole run. */
  void metrics(TrainingState end) {
    context.metric("loss_per_unit", figures.getOrDefault("loss_per_unit", Double.NaN));
    context.metric("epochs", end.position().epoch());
    context.metric("rounds", end.position().round());
    context.metric("steps", end.position().step());
    context.metric("skipped_rounds", end.position().skippedRounds());
    context.metric("examples", end.position().total().examples());
    context.metric("units", end.position().seen());
    context.metric("computed_units", computed(end.position().epoch()));
    context.metric("training_seconds", end.position().seconds());
    context.metric("units_per_second", end.position().seen() / end.position().seconds());
    context.metric(
        "waiting_share",
        figures.getOrDefault(WAITED, 0.0)
            / Math.max(figures.getOrDefault(SHARD_SECONDS, 0.0), 1e-9));
    context.metric("parameters", parameters);
    context.metric(
        "rule_state_bytes",
        Float.BYTES * end.ruleState().stream().mapToLong(Parameters::length).sum());
    if (multiplyAdds() > 0) {
      context.metric(MULTIPLY_ADDS, multiplyAdds());
    }
    if (heldOut) {
      judged(LAST, LAST, end.position().epoch());
      if (averages) {
        judged(AVERAGED, AVERAGED, end.position().epoch());
      }
      judged(averages ? AVERAGED : LAST, "", end.position().epoch());
    }
  }

  /** Units that so many epochs compute, padding included; further ones cost what the last did. */
  private double computed(long epochs) {
    return LongStream.range(0, epochs)
        .mapToDouble(epoch -> supply.epoch().apply(epoch).paddedUnits())
        .sum();
  }

  /** What the run took so far; 0 if its engine does not count. */
  private double multiplyAdds() {
    return figures.getOrDefault(MULTIPLY_ADDS, 0.0);
  }

  /**
   * Figures of one of the two sets of parameters.
   *
   * @param figure which set
   * @param metric how the metrics' names end; empty for the set that became the model
   */
  private void judged(String figure, String metric, long epochs) {
    context.metric("validation_loss" + metric, figures.get("validation_loss" + figure));
    if (supply.facts().values() == 0) {
      context.metric("validation_accuracy" + metric, figures.get("validation_accuracy" + figure));
    }
    context.metric(
        "mean_validation_loss" + metric, figures.get("validation_loss_sum" + figure) / epochs);
    if (settings.hasTarget()) {
      double reached = figures.getOrDefault(REACHED + figure, epochs + 1.0);
      context.metric(REACHED + metric, reached);
      context.metric(COST + metric, computed((long) reached));
      if (multiplyAdds() > 0) {
        // A run that never got there counts as one more epoch of the mean cost.
        double beyond = multiplyAdds() * (epochs + 1) / epochs;
        context.metric(
            MULTIPLY_ADDS_TO_TARGET + metric,
            figures.getOrDefault(MULTIPLY_ADDS_TO_TARGET + figure, beyond));
      }
    }
  }
}
