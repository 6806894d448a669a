package org.trainyard.training.model;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Classifies short texts from their bytes. */
@Card(
    name = "byte-classifier",
    what = "A convolutional network that names the class of a text from its bytes or tokens.",
    how =
        "Embedding, convolutions over time, the largest value of each filter, softmax. A kernel of"
            + " 5 bytes sees about one syllable; two convolutions see about two.",
    avoid = "Forgets the order of what lies further apart than its kernels reach.",
    papers = {
      "Convolutional Neural Networks for Sentence Classification (arXiv 1408.5882)",
      "Character-level Convolutional Networks for Text Classification (arXiv 1509.01626)"
    })
public final class ByteClassifier implements ModelTechnique<ByteClassifier.Config> {

  /** Settings of {@code byte-classifier}. */
  public record Config(
      @Setting(help = "Width of the embedding.", standard = "32", min = 1, max = 65536)
          int embeddingWidth,
      @Setting(help = "Filters of each convolution, one number a layer.", standard = "[128]")
          List<Integer> filters,
      @Setting(help = "Tokens that a filter sees.", standard = "5", min = 1, max = 1024) int kernel,
      @Setting(
              help = "Width of a dense layer before the classes; 0: none.",
              standard = "0",
              min = 0)
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
    Needs.tokens("byte-classifier", facts);
    Needs.classes("byte-classifier", facts);
    List<LayerSpec> layers = new ArrayList<>();
    layers.add(new LayerSpec.Embedding("embedding", facts.vocabulary(), settings.embeddingWidth()));
    for (int i = 0; i < settings.filters().size(); i++) {
      layers.add(
          new LayerSpec.Convolution1d(
              "convolution-" + i,
              settings.filters().get(i),
              settings.kernel(),
              LayerSpec.Activation.RELU));
    }
    layers.add(new LayerSpec.PoolOverTime("pool", true));
    if (settings.denseWidth() > 0) {
      layers.add(new LayerSpec.Dense("dense", settings.denseWidth(), LayerSpec.Activation.RELU));
    }
    Needs.dropout(layers, settings.dropout());
    layers.add(new LayerSpec.Classes("classes", facts.classes()));
    return new ModelSpec(
        new InputSpec(InputSpec.Kind.TOKENS, List.of(0), facts.vocabulary()), layers);
  }
}
