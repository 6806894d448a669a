package org.trainyard.training.dl4j;

import java.util.Set;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.Features;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.ModelSpec;

/** Deeplearning4j on the processor. */
public final class Dl4jEngine implements Engine {
  private static final Features FEATURES =
      new Features(
          Set.of(
              "Embedding",
              "Lstm",
              "Convolution1d",
              "Convolution2d",
              "MaxPool2d",
              "PoolOverTime",
              "Dense",
              "Dropout",
              "Classes",
              "Tokens",
              "Values"),
          Set.of(),
          Set.of(Device.Kind.CPU),
          true,
          Set.of("Embedding", "Lstm", "Dropout", "Tokens"));

  @Override
  public Features features() {
    return FEATURES;
  }

  @Override
  public Replica open(ModelSpec model, Device device, Options options) {
    Check.require(
        device.kind() == Device.Kind.CPU,
        "engine",
        "deeplearning4j does not train on graphics cards here: its newest CUDA library has code for"
            + " cards up to compute capability 8.6 (A100, A10, L4, RTX 40) and none for newer ones"
            + " such as H100; train on processors");
    Engines.check(this, model, device);
    Threads.use(options.threads());
    return new Dl4jReplica(this, model, ModelPlan.of(model), options.seed());
  }

  /** Switches it on. */
  @Card(
      name = "deeplearning4j",
      what = "Trains on processors with Deeplearning4j.",
      how =
          "Runs in the executor's own JVM. One native thread a task is the fastest way to use all"
              + " cores; equal seeds give equal bits.",
      avoid = "Graphics cards newer than compute capability 8.6, and attention models.",
      papers = {})
  public static final class Technique implements EngineTechnique<Technique.Config> {
    /** No settings. */
    public record Config() {}

    @Override
    public Class<Config> settings() {
      return Config.class;
    }

    @Override
    public Engine create(Config settings) {
      return new Dl4jEngine();
    }
  }
}
