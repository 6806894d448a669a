package org.trainyard.training.graph;

import java.util.Set;
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

/** Graph convolutions in plain Java. */
public final class GraphEngine implements Engine {
  private static final Features FEATURES =
      new Features(Set.of("GraphConvolution", "Classes"), Set.of(), Set.of(Device.Kind.CPU), true);

  @Override
  public Features features() {
    return FEATURES;
  }

  @Override
  public Replica open(ModelSpec model, Device device, Options options) {
    Engines.check(this, model, device);
    return new GraphReplica(ModelPlan.of(model), options.seed());
  }

  /** Switches it on. */
  @Card(
      name = "graph",
      what = "Trains graph networks on processors, in plain Java.",
      how =
          "For the model graph-network and the feeds neighbours and lazy-layers. Counts its"
              + " multiply-adds: see multiply_adds among the metrics of train.",
      avoid = "Networks without graph convolutions.",
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
      return new GraphEngine();
    }
  }
}
