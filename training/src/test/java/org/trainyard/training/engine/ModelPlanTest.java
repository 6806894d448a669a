package org.trainyard.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

@DisplayName("Model plan")
class ModelPlanTest {
  private static final ModelPlan LANGUAGE_MODEL =
      ModelPlan.of(
          tokens(
              new LayerSpec.Embedding("embedding", 50, 12),
              new LayerSpec.Lstm("lstm", 100),
              new LayerSpec.Tokens("next", 50)));

  @Test
  void namesAndShapesEverySlice() {
    assertThat(LANGUAGE_MODEL.layout().slices())
        .extracting(slice -> slice.name() + " " + IntStream.of(slice.shape()).boxed().toList())
        .containsExactly(
            "embedding.weight [50, 12]",
            "lstm.input-weight [400, 12]",
            "lstm.recurrent-weight [400, 100]",
            "lstm.bias [400]",
            "next.weight [50, 100]",
            "next.bias [50]");
  }

  @Nested
  class FirstParameters {
    @Test
    void areTheSameBitsForTheSameSeed() {
      assertThat(LANGUAGE_MODEL.firstParameters(3)).isEqualTo(LANGUAGE_MODEL.firstParameters(3));
      assertThat(LANGUAGE_MODEL.firstParameters(3)).isNotEqualTo(LANGUAGE_MODEL.firstParameters(4));
    }

    @Test
    void areTheseBitsInEveryVersion() {
      float[] recurrent = LANGUAGE_MODEL.firstParameters(7).slice(2);
      assertThat(recurrent[0]).isEqualTo(0.17105684f);
    }

    @Test
    void haveTheVarianceOfGlorot() {
      float[] weights = LANGUAGE_MODEL.firstParameters(1).slice(2);
      double mean = 0;
      double squares = 0;
      for (float weight : weights) {
        mean += weight / weights.length;
        squares += (double) weight * weight / weights.length;
      }
      // Variance 2 / (fan in + fan out); 40,000 values, bounds of about five standard errors.
      assertThat(mean).isCloseTo(0, within(5 * 0.1 / 200));
      assertThat(squares).isCloseTo(0.01, within(5 * 0.01 / 200));
    }

    @Test
    void openTheForgetGate() {
      float[] bias = LANGUAGE_MODEL.firstParameters(1).slice(3);
      assertThat(bias[99]).isEqualTo(0);
      assertThat(bias[100]).isEqualTo(1);
      assertThat(bias[199]).isEqualTo(1);
      assertThat(bias[200]).isEqualTo(0);
    }
  }

  @Nested
  class Refuses {
    @Test
    void classesOverSequences() {
      refuses(
          tokens(new LayerSpec.Embedding("embedding", 50, 12), new LayerSpec.Classes("classes", 3)),
          "classes",
          "PoolOverTime");
    }

    @Test
    void aModelWithoutLoss() {
      refuses(
          tokens(new LayerSpec.Embedding("embedding", 50, 12)),
          "must be Classes, Tokens or Values");
    }

    @Test
    void aVocabularyThatIsTooSmall() {
      refuses(
          tokens(new LayerSpec.Embedding("embedding", 49, 12), new LayerSpec.Tokens("next", 50)),
          "knows 49 tokens, but the data has 50");
    }

    private void refuses(ModelSpec model, String... words) {
      assertThatThrownBy(() -> ModelPlan.of(model))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll(words);
    }
  }

  private static ModelSpec tokens(LayerSpec... layers) {
    return new ModelSpec(new InputSpec(InputSpec.Kind.TOKENS, List.of(0), 50), List.of(layers));
  }
}
