package org.trainyard.training.model;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Names the class of a node from what lies around it. */
@Card(
    name = "graph-network",
    what = "Graph convolutions and a softmax that name the class of a node.",
    how =
        """
        Each layer takes the mean over a node and its neighbours through a fully connected layer, so as many \
        layers see as many hops. For the feeds neighbours and lazy-layers, with engine: graph.""",
    avoid =
        "Where neighbours are not alike their mean says little; beyond three layers all nodes look"
            + " the same.",
    papers = {
      "Semi-Supervised Classification with Graph Convolutional Networks (arXiv 1609.02907)",
      "Inductive Representation Learning on Large Graphs (arXiv 1706.02216)"
    })
public final class GraphNetwork implements ModelTechnique<GraphNetwork.Config> {

  /** Settings of {@code graph-network}. */
  public record Config(
      @Setting(help = "Widths of the graph convolutions.", standard = "[64, 64]")
          List<Integer> widths,
      @Setting(help = "Activation function of the graph convolutions.", standard = "relu")
          LayerSpec.Activation activation) {
    /** Checks the widths. */
    public Config {
      Needs.positive(widths, "widths");
    }
  }

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Model create(Config settings) {
    return facts -> spec(settings, facts);
  }

  private static ModelSpec spec(Config settings, DataFacts facts) {
    Needs.classes("graph-network", facts);
    Needs.features("graph-network", facts);
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < settings.widths().size(); i++) {
      layers.add(
          new LayerSpec.GraphConvolution(
              "graph-convolution-" + i, settings.widths().get(i), settings.activation()));
    }
    layers.add(new LayerSpec.Classes("classes", facts.classes()));
    return new ModelSpec(new InputSpec(InputSpec.Kind.FEATURES, facts.shape(), 0), layers);
  }
}
