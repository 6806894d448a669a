package org.trainyard.training.model;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Predicts the next token with LSTM layers. */
@Card(
    name = "lstm-language-model",
    what = "A recurrent network that predicts each next token of a text.",
    how =
        "Embedding, layers of LSTM, softmax over the vocabulary. Width 128 and 2 layers learn a few"
            + " megabytes of text in minutes on two cores; dropout helps once epochs repeat.",
    avoid = "Steps of a sequence cannot run side by side: long contexts are slow.",
    papers = {
      "Hochreiter and Schmidhuber 1997, Long Short-Term Memory",
      "Recurrent Neural Network Regularization (arXiv 1409.2329)"
    })
public final class LstmLanguageModel implements ModelTechnique<LstmLanguageModel.Config> {

  /** Settings of {@code lstm-language-model}. */
  public record Config(
      @Setting(help = "Width of each LSTM layer.", standard = "128", min = 1, max = 65536)
          int width,
      @Setting(help = "Number of LSTM layers.", standard = "2", min = 1, max = 64) int layers,
      @Setting(help = "Width of the embedding; 0: as the layers.", standard = "0", min = 0)
          int embeddingWidth,
      @Setting(
              help = "Share of values dropped after each layer.",
              standard = "0",
              min = 0,
              max = 0.95)
          double dropout) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Model create(Config settings) {
    return facts -> spec(settings, facts);
  }

  private static ModelSpec spec(Config settings, DataFacts facts) {
    Needs.tokens("lstm-language-model", facts);
    Needs.tokenTargets("lstm-language-model", facts);
    int embedding = settings.embeddingWidth() > 0 ? settings.embeddingWidth() : settings.width();
    List<LayerSpec> layers = new ArrayList<>();
    layers.add(new LayerSpec.Embedding("embedding", facts.vocabulary(), embedding));
    Needs.dropout(layers, settings.dropout());
    for (int i = 0; i < settings.layers(); i++) {
      layers.add(new LayerSpec.Lstm("lstm-" + i, settings.width()));
      Needs.dropout(layers, settings.dropout());
    }
    layers.add(new LayerSpec.Tokens("next", facts.vocabulary()));
    return new ModelSpec(
        new InputSpec(InputSpec.Kind.TOKENS, List.of(0), facts.vocabulary()), layers);
  }
}
