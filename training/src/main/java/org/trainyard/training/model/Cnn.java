package org.trainyard.training.model;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Classifies images. */
@Card(
    name = "cnn",
    what = "A small convolutional network that names the class of an image.",
    how = "Convolutions, each followed by pooling, one dense layer, softmax.",
    avoid = "Meant for small images: it has neither normalisation nor skip connections.",
    papers = {"LeCun et al. 1998, Gradient-based learning applied to document recognition"})
public final class Cnn implements ModelTechnique<Cnn.Config> {

  /** Settings of {@code cnn}. */
  public record Config(
      @Setting(help = "Filters of each convolution, one number a layer.", standard = "[32, 64]")
          List<Integer> filters,
      @Setting(help = "Height and width of each filter.", standard = "3", min = 1, max = 64)
          int kernel,
      @Setting(
              help = "Squares of which the largest value is kept; 1: all.",
              standard = "2",
              min = 1)
          int pool,
      @Setting(help = "Width of the dense layer; 0: none.", standard = "128", min = 0)
          int denseWidth,
      @Setting(
              help = "Share of values dropped before the classes.",
              standard = "0",
              min = 0,
              max = 0.95)
          double dropout) {
    /** Checks the filters. */
    public Config {
      Needs.positive(filters, "filters");
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
    Needs.images("cnn", facts);
    Needs.classes("cnn", facts);
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < settings.filters().size(); i++) {
      layers.add(
          new LayerSpec.Convolution2d(
              "convolution-" + i,
              settings.filters().get(i),
              settings.kernel(),
              LayerSpec.Activation.RELU));
      if (settings.pool() > 1) {
        layers.add(new LayerSpec.MaxPool2d("pool-" + i, settings.pool()));
      }
    }
    if (settings.denseWidth() > 0) {
      layers.add(new LayerSpec.Dense("dense", settings.denseWidth(), LayerSpec.Activation.RELU));
    }
    Needs.dropout(layers, settings.dropout());
    layers.add(new LayerSpec.Classes("classes", facts.classes()));
    return new ModelSpec(new InputSpec(InputSpec.Kind.IMAGE, facts.shape(), 0), layers);
  }
}
