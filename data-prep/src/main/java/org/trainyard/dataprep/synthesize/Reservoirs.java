package org.trainyard.dataprep.synthesize;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.trainyard.dataprep.synthesize.kernel.Simulator;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.FeedTechnique;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;

/** Trains on simulations while they run. */
@Card(
    name = "reservoir",
    what =
        "Simulates while training runs, and draws batches from a buffer that mixes fresh samples with"
            + " older ones; nothing is stored.",
    how =
        """
        Before each batch `fresh` samples enter the buffer, each in place of a random one that was drawn \
        before; while none was, simulations wait. A batch draws `batch-size` of all samples in the buffer, so \
        a sample is seen batch-size / fresh times on average. Let the buffer hold the samples of several times \
        `together` simulations, as samples of one simulation are alike. The rate is a setting and not a matter \
        of speed, so that every run is the same; whichever is faster, training or simulations, waits.""",
    avoid =
        "A solver that takes longer for `fresh` samples than a step of training holds training up: lower"
            + " `fresh`, or store the samples. A model that is judged on the samples it has seen gains"
            + " nothing.",
    papers = {
      "Training Deep Surrogate Models with Large Scale Online Learning (arXiv 2306.16133)",
      "High Throughput Training of Deep Surrogates from Large Ensemble Runs (arXiv 2309.16743)"
    })
public final class Reservoirs implements FeedTechnique<Reservoirs.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "What is simulated.", technique = SimulatorTechnique.class)
          Choice<Simulator> simulator,
      @Setting(help = "Samples in the buffer of a shard.", standard = "4096", min = 1) int capacity,
      @Setting(
              help = "Samples that must be in the buffer before the first batch.",
              standard = "1024",
              min = 1)
          int threshold,
      @Setting(
              help = "Fresh samples before each batch; those that find no room wait.",
              standard = "16",
              min = 1)
          int fresh,
      @Setting(help = "Examples of a batch.", standard = "64", min = 1) int batchSize,
      @Setting(help = "Batches of a shard that make an epoch.", standard = "100", min = 1)
          long batches,
      @Setting(
              help = "Shards: what training hands to its workers; the same for every cluster.",
              standard = "4",
              min = 1,
              max = 100_000)
          int shards,
      @Setting(
              help = "Simulations of a shard that run side by side, each at another stage.",
              standard = "16",
              min = 1,
              max = 1_000_000)
          int together,
      @Setting(
              help =
                  "Samples that a thread of each shard makes ahead, beside training; 0: each when it is"
                      + " needed, without a thread.",
              standard = "256",
              min = 0)
          int ahead,
      @Setting(help = "Decides parameters of simulations and every draw.") long seed)
      implements Serializable {

    /** Checks that the buffer can fill. */
    public Settings {
      Check.require(
          threshold <= capacity,
          "threshold",
          "must be at most capacity (%d), but is %d",
          capacity,
          threshold);
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public FeedSource create(Settings settings) {
    return new Simulated(settings, settings.simulator().create());
  }

  private record Simulated(Settings settings, Simulator simulator) implements FeedSource {
    @Override
    public List<Port> inputs() {
      return List.of();
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      ReservoirFeed feed = new ReservoirFeed(settings, simulator);
      long examples =
          Math.multiplyExact(
              Math.multiplyExact(settings.batches(), settings.shards()), settings.batchSize());
      Epoch epoch = new Epoch(examples, examples, examples, "");
      return new Supply(
          feed,
          new DataFacts(0, 0, simulator.targets(), List.of(simulator.inputs()), ""),
          false,
          any -> epoch,
          feed::figures);
    }
  }
}
