package org.trainyard.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.engine.ModelPlan;

@DisplayName("Models")
class ModelsTest {
  private static final DataFacts TEXT = new DataFacts(300, 0, List.of(64));
  private static final DataFacts LABELLED_TEXT = new DataFacts(260, 20, List.of(200));
  private static final DataFacts IMAGES = new DataFacts(0, 10, List.of(1, 28, 28));
  private static final DataFacts FEATURES = new DataFacts(0, 3, List.of(4));

  @Nested
  class FitTheData {
    @Test
    void lstmLanguageModel() {
      ModelSpec spec = model("lstm-language-model: {width: 8, dropout: 0.1}").spec(TEXT);
      assertThat(kinds(spec))
          .containsExactly("Embedding", "Dropout", "Lstm", "Dropout", "Lstm", "Dropout", "Tokens");
      assertThat(spec.layers()).last().isEqualTo(new LayerSpec.Tokens("next", 300));
    }

    @Test
    void byteClassifier() {
      ModelSpec spec =
          model("byte-classifier: {filters: [16, 32], dense-width: 8}").spec(LABELLED_TEXT);
      assertThat(kinds(spec))
          .containsExactly(
              "Embedding", "Convolution1d", "Convolution1d", "PoolOverTime", "Dense", "Classes");
    }

    @Test
    void cnn() {
      ModelSpec spec = model("cnn: {}").spec(IMAGES);
      assertThat(kinds(spec))
          .containsExactly(
              "Convolution2d", "MaxPool2d", "Convolution2d", "MaxPool2d", "Dense", "Classes");
    }

    @Test
    void mlpOnFeaturesAndOnImages() {
      assertThat(parameters(model("mlp: {widths: [5]}").spec(FEATURES)))
          .isEqualTo(4 * 5 + 5 + 5 * 3 + 3);
      assertThat(parameters(model("mlp: {}").spec(IMAGES)))
          .isEqualTo(784 * 256 + 256 + 256 * 10 + 10);
    }

    @Test
    void mlpThatPredictsValuesIfTheTargetsAreValues() {
      ModelSpec spec = model("mlp: {widths: [5]}").spec(new DataFacts(0, 0, 7, List.of(4), ""));
      assertThat(kinds(spec)).containsExactly("Dense", "Values");
      assertThat(parameters(spec)).isEqualTo(4 * 5 + 5 + 5 * 7 + 7);
    }
  }

  @Nested
  class SayWhatIsWrong {
    @Test
    void whenALanguageModelGetsImages() {
      refuses("lstm-language-model: {}", IMAGES, "take cnn for images");
    }

    @Test
    void whenALanguageModelGetsLabels() {
      refuses("lstm-language-model: {}", LABELLED_TEXT, "20 classes", "byte-classifier");
    }

    @Test
    void whenAClassifierGetsNoLabels() {
      refuses("byte-classifier: {}", TEXT, "at least 2 classes", "give labels");
    }

    @Test
    void whenACnnGetsText() {
      refuses("cnn: {}", LABELLED_TEXT, "tokens; take byte-classifier");
    }

    @Test
    void whenImagesAreSmallerThanTheKernels() {
      ModelSpec spec = model("cnn: {}").spec(new DataFacts(0, 2, List.of(1, 4, 4)));
      assertThatThrownBy(() -> ModelPlan.of(spec))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("convolution-1")
          .hasMessageContaining("larger than its input");
    }

    @Test
    void whenAWidthIsNotPositive() {
      assertThatThrownBy(() -> model("mlp: {widths: [0]}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("model.mlp.widths");
    }

    private void refuses(String yaml, DataFacts facts, String... words) {
      Model model = model(yaml);
      assertThatThrownBy(() -> model.spec(facts))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll(words);
    }
  }

  private static List<String> kinds(ModelSpec spec) {
    return spec.layers().stream().map(LayerSpec::kind).toList();
  }

  private static long parameters(ModelSpec spec) {
    return ModelPlan.of(spec).layout().length();
  }

  private static Model model(String yaml) {
    ObjectNode block = (ObjectNode) Yaml.parse(yaml);
    String name = block.fieldNames().next();
    ModelTechnique<?> technique = Techniques.of(ModelTechnique.class).named(name, "model");
    return Techniques.create(technique, (ObjectNode) block.get(name), "model." + name);
  }
}
