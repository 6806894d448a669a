package org.trainyard.training.round;

import java.util.Map;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.FeedTechnique;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.checkpoint.CheckpointSelector;
import org.trainyard.training.checkpoint.CheckpointSelectorTechnique;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.codec.CodecTechnique;
import org.trainyard.training.combine.Combiner;
import org.trainyard.training.combine.CombinerTechnique;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.model.Model;
import org.trainyard.training.model.ModelTechnique;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.LayerClipping;
import org.trainyard.training.optimize.LayerClippingTechnique;
import org.trainyard.training.optimize.OuterRule;
import org.trainyard.training.optimize.OuterTechnique;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.RateScaling;
import org.trainyard.training.optimize.Schedule;
import org.trainyard.training.optimize.ScheduleTechnique;
import org.trainyard.training.optimize.StepForm;
import org.trainyard.training.optimize.StepTechnique;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

/** Trains a model on batches. */
@Card(
    name = "train",
    what = "Trains a model on batches, stored or made while it runs, in rounds over shards.",
    how =
        "In a round every shard takes its next batches: one, whose gradients are summed for one step"
            + " on the driver (synchronous), or several, after which parameters are averaged by real"
            + " units (local). The same data, seed and shards give the same parameters, bit for bit,"
            + " on any number of executors, and a run that was cut off goes on from its last"
            + " checkpoint to the same end.",
    avoid =
        "More shards than task slots gain nothing but larger rounds; many local steps on few batches"
            + " let the shards drift apart.",
    papers = {
      "Communication-Efficient Learning of Deep Networks from Decentralized Data (arXiv 1602.05629)",
      "Local SGD Converges Fast and Communicates Little (arXiv 1805.09767)"
    })
public final class Train implements JobTechnique<Train.Config> {

  /** Settings of {@code train}. */
  public record Config(
      @Setting(help = "The network.", technique = ModelTechnique.class) Choice<Model> model,
      @Setting(
              help =
                  "Where the batches come from: the input 'batches', or something that makes them.",
              standard = "table",
              technique = FeedTechnique.class)
          Choice<FeedSource> feed,
      @Setting(
              help = "What computes losses and gradients.",
              standard = "deeplearning4j",
              technique = EngineTechnique.class)
          Choice<Engine> engine,
      @Setting(
              help = "How weights follow from gradients.",
              standard = "adamw",
              technique = UpdateRuleTechnique.class)
          Choice<UpdateRule> rule,
      @Setting(
              help = "Which gradients the rule is given.",
              standard = "plain",
              technique = StepTechnique.class)
          Choice<StepForm> step,
      @Setting(
              help =
                  "Factors on the rate by names of parameters, * for any text: {embedding.*: 0.1}; 0"
                      + " leaves them as they are.",
              standard = "{}")
          Map<String, Double> rateFactors,
      @Setting(
              help = "The learning rate's course over the units seen.",
              standard = "constant",
              technique = ScheduleTechnique.class)
          Choice<Schedule> schedule,
      @Setting(
              help =
                  "How the rate grows with the examples of a step over reference-batch: none, linear"
                      + " (sgd, momentum, lars) or square-root (adam, adamw, lamb).",
              standard = "none")
          RateScaling rateScaling,
      @Setting(
              help = "Examples of a step that the rate was found for, with rate-scaling.",
              standard = "0",
              min = 0)
          double referenceBatch,
      @Setting(
              help =
                  "synchronous: gradients of all shards make one step; local: each shard takes"
                      + " local-steps, then parameters are combined.",
              standard = "local")
          RoundMode mode,
      @Setting(
              help = "Steps of a shard between two exchanges, with mode local.",
              standard = "8",
              min = 1,
              max = 1_000_000)
          int localSteps,
      @Setting(
              help =
                  "Batches of a shard whose gradients make one step: a larger batch in the memory of"
                      + " a small one.",
              standard = "1",
              min = 1,
              max = 1_000_000)
          int batchesPerStep,
      @Setting(
              help =
                  "What becomes of the rule's state between rounds, with mode local: averaged like"
                      + " the parameters, or reset.",
              standard = "averaged")
          LocalState localState,
      @Setting(
              help =
                  "How the model follows from the shards' parameters after a round, with mode local.",
              standard = "mean",
              technique = OuterTechnique.class)
          Choice<OuterRule> outer,
      @Setting(
              help =
                  "How vectors are written to go from executor to driver; those that lose bits need"
                      + " local-state: reset with mode local.",
              standard = "float32",
              technique = CodecTechnique.class)
          Choice<Codec> codec,
      @Setting(
              help = "How the shards' vectors become one.",
              standard = "weighted-mean",
              technique = CombinerTechnique.class)
          Choice<Combiner> combine,
      @Setting(help = "Times that every example is seen.", standard = "3", min = 1, max = 1_000_000)
          int epochs,
      @Setting(
              help =
                  "Longest mean gradient, by Euclidean norm; longer ones are shortened; 0: none.",
              standard = "0",
              min = 0)
          double clipNorm,
      @Setting(
              help = "What shortens the gradients of single layers, before clip-norm.",
              standard = "none",
              technique = LayerClippingTechnique.class)
          Choice<LayerClipping> clipLayers,
      @Setting(
              help = "Rounds with a gradient that is not finite before the run is given up.",
              standard = "10",
              min = 0)
          long maxBadRounds,
      @Setting(
              help = "Rounds between two checkpoints within an epoch; 0: at epoch ends only.",
              standard = "100",
              min = 0)
          long checkpointRounds,
      @Setting(help = "Newest checkpoints that stay.", standard = "2", min = 1, max = 1000)
          int keepCheckpoints,
      @Setting(
              help =
                  "Which parameters become the model: those of the last epoch, or a mean of several.",
              standard = "last",
              technique = CheckpointSelectorTechnique.class)
          Choice<CheckpointSelector> average,
      @Setting(
              help =
                  "Held-out loss in nats per unit; how many epochs it took is reported; 0: no target.",
              standard = "0",
              min = 0)
          double targetLoss,
      @Setting(
              help = "Held-out accuracy; how many epochs it took is reported; 0: no target.",
              standard = "0",
              min = 0,
              max = 1)
          double targetAccuracy,
      @Setting(help = "Seed of first parameters, order of batches and dropout.") long seed) {

    /** Checks that mode and steps agree. */
    public Config {
      Check.require(
          mode == RoundMode.LOCAL || localState == LocalState.AVERAGED,
          "local-state",
          "belongs to mode local; leave it out with mode synchronous");
      Check.require(
          mode == RoundMode.LOCAL || !outer.create().takesChange(),
          "outer",
          "belongs to mode local; leave it out with mode synchronous");
      Check.require(
          mode == RoundMode.SYNCHRONOUS || localState == LocalState.RESET || codec.create().exact(),
          "codec",
          "would damage the rule's state, which is averaged: set local-state: reset, or codec: float32");
      Check.require(
          mode == RoundMode.SYNCHRONOUS
              || step.create().around(new PlainStep(rule.create(), Clipping.NONE)).averages(),
          "mode",
          "must be synchronous with rule %s and step %s: the mean of the shards' states is no state",
          rule.name(),
          step.name());
      Check.require(
          rateFactors.values().stream().allMatch(factor -> factor >= 0),
          "rate-factors",
          "must be at least 0, but are %s",
          rateFactors);
      Check.require(
          (rateScaling != RateScaling.NONE) == (referenceBatch > 0),
          "reference-batch",
          "and rate-scaling belong together: set both or neither");
    }

    /** Whether a target is set. */
    boolean hasTarget() {
      return targetLoss > 0 || targetAccuracy > 0;
    }

    /** Whether a score reaches every target that is set. */
    boolean reached(Score score) {
      return (targetLoss == 0 || score.lossPerUnit() <= targetLoss)
          && (targetAccuracy == 0 || score.accuracy() >= targetAccuracy);
    }
  }

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Job create(Config settings) {
    return new TrainJob(settings);
  }
}
