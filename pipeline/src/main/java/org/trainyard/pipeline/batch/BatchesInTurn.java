package org.trainyard.pipeline.batch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** The batches of several tables, one after the other. */
@Card(
    name = "in-turn",
    what =
        "Hands out the batches of several tables in turn, by epoch: coarse shapes before fine ones,"
            + " short texts before long ones.",
    how =
        """
        Each phase names inputs of the step, its epochs and a factor on the learning rate. Plan every table with \
        the same budget: examples of an eighth of the size then come in batches of eight times as many. The \
        multigrid method raises the rate as many times as the batches of a phase hold more examples. A phase with \
        several inputs, such as the method's short cycle, mixes their batches evenly. The phases are gone through \
        `cycles` times; the last one goes on to the end of the run.""",
    avoid =
        "At equal epochs: a coarse one teaches less, so give such a run half as many again. Adam wants"
            + " a smaller factor than the ratio of batch sizes.",
    papers = {
      "A Multigrid Method for Efficiently Training Video Models (arXiv 1912.00998)",
      "The Stability-Efficiency Dilemma: Investigating Sequence Length Warmup for Training GPT"
          + " Models (arXiv 2108.06084)"
    })
public final class BatchesInTurn implements FeedTechnique<BatchesInTurn.Settings> {
  private static final String PHASES = "phases";

  /** Its settings. */
  public record Settings(
      @Setting(
              help =
                  "What comes in turn, each {from: inputs, epochs: 1, rate: 1}, rate being a factor"
                      + " on the learning rate.",
              standard = "[]")
          List<Phase> phases,
      @Setting(
              help = "Times that the phases are gone through before the last one goes on.",
              standard = "1",
              min = 1,
              max = 1_000_000)
          int cycles) {

    /** Checks that there is a phase. */
    public Settings {
      Check.require(!phases.isEmpty(), PHASES, "must name what comes in turn, but is empty");
    }
  }

  /** Epochs of one kind. */
  public record Phase(
      @Setting(help = "Inputs whose batches it hands out, evenly mixed.") List<String> from,
      @Setting(help = "How many epochs it lasts.", standard = "1", min = 1, max = 1_000_000)
          int epochs,
      @Setting(help = "Factor on the learning rate.", standard = "1", min = 1e-6, max = 1e6)
          double rate) {

    /** Checks the inputs. */
    public Phase {
      Check.require(
          !from.isEmpty() && new HashSet<>(from).size() == from.size(),
          "from",
          "must name inputs, each once, but is %s",
          from);
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public FeedSource create(Settings settings) {
    return new InTurn(settings);
  }

  private record InTurn(Settings settings) implements FeedSource {

    @Override
    public List<Port> inputs() {
      return tables().stream().map(input -> Port.table(input, BatchTable.SCHEMA)).toList();
    }

    private List<String> tables() {
      return settings.phases().stream().flatMap(phase -> phase.from().stream()).distinct().toList();
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      requireTheLast(epochs);
      Map<String, Supply> supplies = new LinkedHashMap<>();
      for (String input : tables()) {
        long own = supplies.isEmpty() ? seed : Permutation.mix(seed + supplies.size());
        Table table = tables.get(input);
        supplies.put(input, StoredBatches.supply(table, TableFeed.shuffled(table, own)));
      }
      List<Phase> phases = settings.phases();
      String judge = phases.get(phases.size() - 1).from().get(0);
      DataFacts facts = supplies.get(judge).facts();
      supplies.forEach(
          (input, supply) ->
              requireAlike(tables.get(input), supply, tables.get(judge), supplies.get(judge)));
      PhasedFeed feed =
          new PhasedFeed(
              phases.stream()
                  .map(
                      phase ->
                          new PhasedFeed.Phase(
                              feeds(phase, supplies), phase.epochs(), phase.rate()))
                  .toList(),
              settings.cycles());
      return new Supply(
          feed,
          facts,
          supplies.values().stream().anyMatch(Supply::packed),
          epoch -> epoch(phases.get(feed.phase(epoch)), supplies),
          done -> Collections.emptySortedMap());
    }

    /** A run that ends before its last phase would leave out what the others lead up to. */
    private void requireTheLast(int epochs) {
      List<Phase> phases = settings.phases();
      long cycle = phases.stream().mapToLong(Phase::epochs).sum();
      long before = settings.cycles() * cycle - phases.get(phases.size() - 1).epochs();
      Check.require(
          epochs > before,
          "epochs",
          "must be over %d, so that the last phase of feed.in-turn comes, but is %d",
          before,
          epochs);
    }

    private static void requireAlike(Table table, Supply supply, Table judge, Supply last) {
      last.facts().requireOf(table);
      if (supply.feed().shards() != last.feed().shards()) {
        throw new DataException(
            "%s has %d shards, %s has %d. Plan the batches of all phases with the same shards"
                .formatted(
                    table.version(),
                    supply.feed().shards(),
                    judge.version(),
                    last.feed().shards()));
      }
      boolean tokens = last.facts().vocabulary() > 0;
      if (!tokens && !supply.facts().shape().equals(last.facts().shape())) {
        throw new DataException(
            "%s has examples of shape %s, %s of %s; only tokens may vary"
                .formatted(
                    table.version(),
                    supply.facts().shape(),
                    judge.version(),
                    last.facts().shape()));
      }
    }

    private static List<Feed> feeds(Phase phase, Map<String, Supply> supplies) {
      return phase.from().stream().map(input -> supplies.get(input).feed()).toList();
    }

    /** All of each table. */
    private static Epoch epoch(Phase phase, Map<String, Supply> supplies) {
      List<Epoch> parts = new ArrayList<>();
      phase.from().forEach(input -> parts.add(supplies.get(input).epoch().apply(0)));
      return new Epoch(
          parts.stream().mapToLong(Epoch::examples).sum(),
          parts.stream().mapToLong(Epoch::units).sum(),
          parts.stream().mapToLong(Epoch::paddedUnits).sum(),
          String.join(",", parts.stream().map(Epoch::set).toList()));
    }
  }
}
