package org.trainyard.training.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.LayerSpec.Activation;
import org.trainyard.training.model.ModelSpec;

@DisplayName("Loss and gradient")
class GradientTest {

  @Nested
  class EqualTheDefinitionInDoublePrecision {
    @Test
    void ofRecurrentLayersOverUnequalLengths() {
      equalsReference(Examples.LANGUAGE_MODEL, Examples.sequences(7, 7, 1, 4));
    }

    @Test
    void ofConvolutionsOverTimeWithUnequalLengths() {
      equalsReference(Examples.CLASSIFIER, Examples.labelled(9, 9, 1, 4, 2));
    }

    @Test
    void ofTheMeanOverTime() {
      equalsReference(
          Examples.tokens(
              new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 4),
              new LayerSpec.Lstm("lstm", 3),
              new LayerSpec.PoolOverTime("pool", false),
              new LayerSpec.Classes("classes", Examples.CLASSES)),
          Examples.labelled(5, 5, 2, 3));
    }

    @Test
    void ofAConvolutionUnderARecurrentLayer() {
      equalsReference(
          Examples.tokens(
              new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 3),
              new LayerSpec.Convolution1d("convolution", 4, 5, Activation.RELU),
              new LayerSpec.Lstm("lstm", 3),
              new LayerSpec.Tokens("next", Examples.VOCABULARY)),
          Examples.sequences(6, 6, 3));
    }

    @Test
    void ofImages() {
      equalsReference(Examples.CNN, Examples.values(3, 2, 8, 9));
    }

    @Test
    void ofDenseLayers() {
      equalsReference(Examples.MLP, Examples.values(4, 6));
    }

    @Test
    void ofPackedRows() {
      Batch sequences = Examples.weighted(Examples.sequences(6, 4, 1, 6, 3, 2), 1, 2, 1, 0.5f, 0);
      equalsReference(Examples.LANGUAGE_MODEL, Examples.packed(sequences, 11, 3, 2));
    }

    @Test
    void ofSquaredErrors() {
      equalsReference(
          Examples.REGRESSION, Examples.weighted(Examples.measured(4, 6, 4), 1, 0.5f, 0, 3));
    }

    @Test
    void ofWeightedExamples() {
      equalsReference(
          Examples.LANGUAGE_MODEL, Examples.weighted(Examples.sequences(5, 5, 2, 3), 2, 0, 0.25f));
      equalsReference(Examples.MLP, Examples.weighted(Examples.values(4, 6), 1, 0.5f, 0, 3));
    }

    private void equalsReference(ModelSpec model, Batch batch) {
      try (Replica replica = Examples.open(model, 1)) {
        Parameters parameters = Examples.lively(replica, 5);
        replica.load(parameters);
        Parameters gradient = Parameters.zeros(replica.layout());
        GradientSum sum = replica.lossAndGradient(batch, Mode.EVALUATE, gradient);
        ReferenceModel reference = new ReferenceModel(model, parameters);
        assertThat(sum.loss()).isCloseTo(reference.loss(batch), within(1e-5));
        double[][] expected = reference.gradient(batch);
        for (int i = 0; i < expected.length; i++) {
          for (int j = 0; j < expected[i].length; j++) {
            assertThat((double) gradient.slice(i)[j])
                .as("%s[%d]", replica.layout().slices().get(i).name(), j)
                .isCloseTo(expected[i][j], within(2e-5));
          }
        }
      }
    }
  }

  @Nested
  class AreSums {
    @Test
    void ofTheSingleExamplesWhateverTheirPadding() {
      Batch padded = Examples.sequences(9, 9, 1, 4, 6);
      Batch weighted = Examples.weighted(padded, 1, 0.5f, 2, 1);
      equalsSumOfSingles(Examples.LANGUAGE_MODEL, weighted);
      equalsSumOfSingles(Examples.CLASSIFIER, Examples.labelled(9, 9, 1, 4, 6));
      equalsSumOfSingles(Examples.CNN, Examples.values(5, 2, 8, 9));
    }

    private void equalsSumOfSingles(ModelSpec model, Batch batch) {
      try (Replica replica = Examples.open(model, 1)) {
        Parameters whole = Parameters.zeros(replica.layout());
        GradientSum sum = replica.lossAndGradient(batch, Mode.EVALUATE, whole);
        equalsSumOfSingles(replica, batch, sum, whole);
      }
    }

    private void equalsSumOfSingles(
        Replica replica, Batch batch, GradientSum sum, Parameters whole) {
      Parameters parts = Parameters.zeros(replica.layout());
      Parameters part = Parameters.zeros(replica.layout());
      GradientSum parted = GradientSum.NONE;
      for (int i = 0; i < batch.size(); i++) {
        parted = parted.plus(replica.lossAndGradient(batch.slice(i, i + 1), Mode.EVALUATE, part));
        parts.add(part, 1);
      }
      assertThat(sum.loss()).isCloseTo(parted.loss(), within(1e-6 * sum.loss()));
      assertThat(sum.weight()).isEqualTo(parted.weight());
      double norm = whole.norm();
      assertThat(parts.add(whole, -1).norm()).isCloseTo(0, within(1e-6 * norm));
    }

    @Test
    void ofTheSingleExamplesOfPackedRows() {
      Batch sequences =
          Examples.weighted(Examples.sequences(9, 9, 1, 4, 6, 2), 1, 0.5f, 2, 1, 0.25f);
      GradientSum packed = equalsSumOfSingles(Examples.packed(sequences, 14, 3, 2), sequences);
      assertThat(packed.weight()).isEqualTo(9 + 0.5 + 8 + 6 + 0.5);
      equalsSumOfSingles(Examples.packed(sequences, 22, 5), sequences);
      equalsSumOfSingles(Examples.packed(sequences, 9, 1, 1, 1, 1, 1), sequences);
    }

    private GradientSum equalsSumOfSingles(Batch packed, Batch sequences) {
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        replica.load(Examples.lively(replica, 5));
        Parameters whole = Parameters.zeros(replica.layout());
        GradientSum sum = replica.lossAndGradient(packed, Mode.EVALUATE, whole);
        equalsSumOfSingles(replica, sequences, sum, whole);
        return sum;
      }
    }

    @Test
    void withTheWeightOfTheRealUnits() {
      Batch batch = Examples.weighted(Examples.sequences(9, 9, 1, 4), 1, 3, 0.5f);
      assertThat(sum(Examples.LANGUAGE_MODEL, batch).weight()).isEqualTo(9 + 3 + 2);
      Batch labelled = Examples.weighted(Examples.labelled(9, 9, 1, 4), 1, 3, 0.5f);
      assertThat(sum(Examples.CLASSIFIER, labelled).weight()).isEqualTo(4.5);
    }

    @Test
    void ofNothingWhenAllIsPadding() {
      GradientSum sum = sum(Examples.LANGUAGE_MODEL, Examples.sequences(4, 0, 0));
      assertThat(sum.loss()).isZero();
      assertThat(sum.weight()).isZero();
      assertThat(sum.finite()).isTrue();
    }

    @Test
    void ofNothingWhenThereIsNoExample() {
      assertThat(sum(Examples.MLP, Examples.values(0, 6))).isEqualTo(GradientSum.NONE);
    }

    private GradientSum sum(ModelSpec model, Batch batch) {
      try (Replica replica = Examples.open(model, 1)) {
        Parameters gradient = Parameters.zeros(replica.layout());
        gradient.slice(0)[0] = Float.NaN;
        GradientSum sum = replica.lossAndGradient(batch, Mode.EVALUATE, gradient);
        assertThat(gradient.finite()).isTrue();
        return sum;
      }
    }
  }

  @Test
  void tellsWhenALossIsNotFinite() {
    try (Replica replica = Examples.open(Examples.MLP, 1)) {
      Parameters broken = Parameters.zeros(replica.layout());
      broken.slice(1)[0] = Float.NaN;
      replica.load(broken);
      GradientSum sum =
          replica.lossAndGradient(
              Examples.values(2, 6), Mode.EVALUATE, Parameters.zeros(replica.layout()));
      assertThat(sum.finite()).isFalse();
    }
  }
}
