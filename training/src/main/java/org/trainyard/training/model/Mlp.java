package org.trainyard.training.model;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Classifies vectors of features, or predicts values from them. */
@Card(
    name = "mlp",
    what =
        "Dense layers that name the class of a vector of features or of a flattened image, or predict"
            + " values.",
    how =
        "One hidden layer of 256 is a good start. Batches whose target is values are fitted by their"
            + " squared error, those with labels by cross-entropy.",
    avoid = "Images and texts have neighbours: a network that knows them does better.",
    papers = {"Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating"})
public final class Mlp implements ModelTechnique<Mlp.Config> {

  /** Settings of {@code mlp}. */
  public record Config(
      @Setting(help = "Widths of the hidden layers.", standard = "[256]") List<Integer> widths,
      @Setting(help = "Activation function of the hidden layers.", standard = "relu")
          LayerSpec.Activation activation,
      @Setting(
              help = "Share of values dropped after each layer.",
              standard = "0",
              min = 0,
              max = 0.95)
          double dropout) {
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
    if (facts.values() == 0) {
      Needs.classes("mlp", facts);
    }
    boolean image = facts.shape().size() == 3;
    if (image) {
      Needs.images("mlp", facts);
    } else {
      Needs.features("mlp", facts);
    }
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < settings.widths().size(); i++) {
      layers.add(
          new LayerSpec.Dense("dense-" + i, settings.widths().get(i), settings.activation()));
      Needs.dropout(layers, settings.dropout());
    }
    layers.add(
        facts.values() > 0
            ? new LayerSpec.Values("values", facts.values())
            : new LayerSpec.Classes("classes", facts.classes()));
    InputSpec.Kind kind = image ? InputSpec.Kind.IMAGE : InputSpec.Kind.FEATURES;
    return new ModelSpec(new InputSpec(kind, facts.shape(), 0), layers);
  }
}
