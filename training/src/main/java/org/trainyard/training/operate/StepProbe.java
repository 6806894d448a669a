package org.trainyard.training.operate;

import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbeTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.model.Model;
import org.trainyard.training.model.ModelTechnique;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

/** Finds out by training: real steps of the real model in a JVM of their own. */
@Card(
    name = "training-step",
    what = "Tries real steps of training in a JVM of its own, whose memory is bounded.",
    how =
        "Give it the model, engine and rule of the train step. Forward, backward and update run on"
            + " made-up examples of the full length; running out of memory ends the JVM that tries,"
            + " never the driver, and a new one goes on. Run it on a machine like the executors.",
    avoid =
        "It holds the memory that it may use, and a core, as long as it runs. Where native code"
            + " cannot run on the driver, take training-estimate.",
    papers =
        "Training and Inference Efficiency of Encoder-Decoder Speech Models (arXiv 2503.05931)")
public final class StepProbe implements MemoryProbeTechnique<StepProbe.Config> {

  /** Settings of {@code training-step}. */
  public record Config(
      @Setting(help = "The network, as in the train step.", technique = ModelTechnique.class)
          Choice<Model> model,
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
      @Setting(help = "Threads of native code.", standard = "1", min = 1, max = 1024)
          int threads) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public MemoryProbe create(Config settings) {
    return new Probe(settings);
  }

  private record Probe(Config settings) implements MemoryProbe {

    @Override
    public String subject(Data data) {
      return TrialSubject.line(settings.model(), data)
          + " by %s with %s, %d threads"
              .formatted(settings.engine(), settings.rule(), settings.threads());
    }

    @Override
    public Trials open(Data data, Memory limit) {
      Engines.check(
          settings.engine().create(), TrialSubject.spec(settings.model(), data), Device.CPU);
      return new TrialProcess(
          new TrialSubject(
              settings.model(), settings.engine(), settings.rule(), data, settings.threads()),
          limit);
    }
  }
}
