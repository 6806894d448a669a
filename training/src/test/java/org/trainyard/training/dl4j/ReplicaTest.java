package org.trainyard.training.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

@DisplayName("Deeplearning4j replica")
class ReplicaTest {
  private static final List<ModelSpec> ALL =
      List.of(Examples.LANGUAGE_MODEL, Examples.CLASSIFIER, Examples.CNN, Examples.MLP);

  private static final ModelSpec WITH_DROPOUT =
      Examples.tokens(
          new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 16),
          new LayerSpec.Dropout("dropout-0", 0.3),
          new LayerSpec.Lstm("lstm", 16),
          new LayerSpec.Dropout("dropout-1", 0.3),
          new LayerSpec.Tokens("next", Examples.VOCABULARY));

  @Nested
  class ItsParameters {
    @Test
    void areThoseOfThePlanAtFirst() {
      for (ModelSpec model : ALL) {
        try (Replica replica = Examples.open(model, 9)) {
          assertThat(stored(replica)).isEqualTo(ModelPlan.of(model).firstParameters(9));
        }
      }
    }

    @Test
    void comeOutAsTheyWereLoaded() {
      for (ModelSpec model : ALL) {
        try (Replica replica = Examples.open(model, 9)) {
          Parameters parameters = Examples.lively(replica, 2);
          replica.load(parameters);
          assertThat(stored(replica)).isEqualTo(parameters);
        }
      }
    }

    private Parameters stored(Replica replica) {
      Parameters parameters = Parameters.zeros(replica.layout());
      replica.store(parameters);
      return parameters;
    }
  }

  @Nested
  class IsReproducible {
    @Test
    void fromPassToPassAndFromReplicaToReplica() {
      assertThat(gradient(WITH_DROPOUT, Mode.train(5)))
          .isEqualTo(gradient(WITH_DROPOUT, Mode.train(5)));
    }

    @Test
    void butAnotherSeedDropsOtherValues() {
      assertThat(gradient(WITH_DROPOUT, Mode.train(5)))
          .isNotEqualTo(gradient(WITH_DROPOUT, Mode.train(6)));
      assertThat(gradient(WITH_DROPOUT, Mode.train(5)))
          .isNotEqualTo(gradient(WITH_DROPOUT, Mode.EVALUATE));
    }

    @Test
    void inAnyNumberOfThreads() throws ExecutionException, InterruptedException {
      List<Parameters> alone = passes(WITH_DROPOUT, 0, 12);
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try {
        List<Future<List<Parameters>>> together = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          together.add(pool.submit(() -> passes(WITH_DROPOUT, 0, 12)));
        }
        for (Future<List<Parameters>> one : together) {
          assertThat(one.get()).isEqualTo(alone);
        }
      } finally {
        pool.shutdown();
      }
    }

    @Test
    void whateverRanBefore() {
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        Parameters first = Parameters.zeros(replica.layout());
        Parameters again = Parameters.zeros(replica.layout());
        replica.lossAndGradient(Examples.sequences(4, 4, 2), Mode.train(1), first);
        replica.lossAndGradient(Examples.sequences(30, 30, 20, 8), Mode.train(2), again);
        replica.lossAndGradient(Examples.sequences(4, 4, 2), Mode.train(1), again);
        assertThat(again).isEqualTo(first);
      }
    }

    private List<Parameters> passes(ModelSpec model, int from, int to) {
      List<Parameters> gradients = new ArrayList<>();
      for (int seed = from; seed < to; seed++) {
        gradients.add(gradient(model, Mode.train(seed)));
      }
      return gradients;
    }

    private Parameters gradient(ModelSpec model, Mode mode) {
      try (Replica replica = Examples.open(model, 1)) {
        Parameters gradient = Parameters.zeros(replica.layout());
        replica.lossAndGradient(Examples.sequences(12, 12, 9, 4), mode, gradient);
        return gradient;
      }
    }
  }

  @Nested
  class Dropout {
    @Test
    void dropsItsShareAndKeepsTheMean() {
      ModelSpec model =
          Examples.tokens(
              new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 100),
              new LayerSpec.Dropout("dropout", 0.3),
              new LayerSpec.Tokens("next", Examples.VOCABULARY));
      try (Replica replica = Examples.open(model, 1)) {
        Batch batch = Examples.sequences(50, 50, 50);
        Map<String, Tensor> outputs = replica.forward(batch, Mode.train(3)).outputs();
        float[] before = floats(outputs.get("embedding"));
        float[] after = floats(outputs.get("dropout"));
        int dropped = 0;
        for (int i = 0; i < before.length; i++) {
          if (after[i] == 0) {
            dropped++;
          } else {
            assertThat(after[i]).isCloseTo(before[i] / 0.7f, within(1e-6f));
          }
        }
        // 10,000 draws: five standard deviations.
        assertThat(dropped).isCloseTo(3000, within(230));
      }
    }

    @Test
    void goesBackThroughTheSameValues() {
      ModelSpec model =
          Examples.tokens(
              new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 5),
              new LayerSpec.Dropout("dropout", 0.5),
              new LayerSpec.Tokens("next", Examples.VOCABULARY));
      try (Replica replica = Examples.open(model, 1)) {
        Parameters parameters = Examples.lively(replica, 3);
        replica.load(parameters);
        Batch batch = Examples.sequences(6, 6, 4);
        Parameters gradient = Parameters.zeros(replica.layout());
        replica.lossAndGradient(batch, Mode.train(8), gradient);
        assertThat(slope(replica, parameters, gradient, batch, Mode.train(8)))
            .isCloseTo(gradient.norm(), within(1e-3 * gradient.norm()));
      }
    }

    /** Central difference of the loss along the gradient. */
    private double slope(
        Replica replica, Parameters at, Parameters gradient, Batch batch, Mode mode) {
      float step = (float) (1e-2 / gradient.norm());
      Parameters unused = Parameters.zeros(replica.layout());
      replica.load(at.copy().add(gradient, step));
      double above = replica.lossAndGradient(batch, mode, unused).loss();
      replica.load(at.copy().add(gradient, -step));
      return (above - replica.lossAndGradient(batch, mode, unused).loss()) / 2e-2;
    }
  }

  @Nested
  class Scoring {
    @Test
    void addsUpToTheLoss() {
      Batch batch = Examples.sequences(7, 7, 1, 4);
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        Scores scores = replica.score(batch);
        GradientSum sum =
            replica.lossAndGradient(batch, Mode.EVALUATE, Parameters.zeros(replica.layout()));
        assertThat(scores.units()).containsExactly(7, 1, 4);
        assertThat(scores.loss()[0] + scores.loss()[1] + scores.loss()[2])
            .isCloseTo(sum.loss(), within(1e-9));
        assertThat(scores.predicted()).containsExactly(-1, -1, -1);
      }
    }

    @Test
    void tellsTheExamplesOfAPackedRowApart() {
      Batch sequences = Examples.sequences(7, 7, 1, 4);
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        Scores alone = replica.score(sequences);
        Scores packed = replica.score(Examples.packed(sequences, 9, 2, 1));
        assertThat(packed.units()).isEqualTo(alone.units());
        assertThat(packed.hits()).isEqualTo(alone.hits());
        for (int i = 0; i < 3; i++) {
          assertThat(packed.loss()[i]).isCloseTo(alone.loss()[i], within(1e-6));
        }
      }
    }

    @Test
    void meansTheSquaredErrorOfValuesAndNamesNoClass() {
      try (Replica replica = Examples.open(Examples.REGRESSION, 1)) {
        Batch batch = Examples.weighted(Examples.measured(3, 6, 4), 1, 0, 5);
        Scores scores = replica.score(batch);
        FloatBuffer output =
            replica.forward(batch, Mode.EVALUATE).outputs().get(Pass.OUTPUT).floats();
        FloatBuffer target = batch.tensor(Batch.TARGET).floats();
        for (int i = 0; i < 3; i++) {
          double sum = 0;
          for (int j = 0; j < 4; j++) {
            sum += Math.pow(output.get(i * 4 + j) - target.get(i * 4 + j), 2);
          }
          assertThat(scores.loss()[i]).isCloseTo(sum / 4, within(1e-6));
        }
        assertThat(scores.units()).containsOnly(1);
        assertThat(scores.hits()).containsOnly(0);
        assertThat(scores.predicted()).containsOnly(-1);
      }
    }

    @Test
    void refusesTargetsOfAnotherWidth() {
      try (Replica replica = Examples.open(Examples.REGRESSION, 1)) {
        assertThatThrownBy(() -> replica.score(Examples.measured(2, 6, 3)))
            .hasMessage("The target of an example is 3 values, but the model predicts 4");
      }
    }

    @Test
    void countsHitsAndNamesClasses() {
      Batch batch = Examples.labelled(9, 9, 1, 4, 2);
      try (Replica replica = Examples.open(Examples.CLASSIFIER, 1)) {
        Scores scores = replica.score(batch);
        for (int i = 0; i < batch.size(); i++) {
          boolean hit = scores.predicted()[i] == batch.tensor(Batch.TARGET).ints().get(i);
          assertThat(scores.hits()[i]).isEqualTo(hit ? 1 : 0);
        }
        assertThat(scores.units()).containsOnly(1);
      }
    }

    @Test
    void takesNoNoticeOfWeights() {
      Batch batch = Examples.values(3, 2, 8, 9);
      try (Replica replica = Examples.open(Examples.CNN, 1)) {
        assertThat(replica.score(Examples.weighted(batch, 0, 2, 5)).loss())
            .isEqualTo(replica.score(batch).loss());
      }
    }
  }

  @Nested
  class TrainsOnly {
    @Test
    void theGroupsItIsToldTo() {
      Mode mode = new Mode(true, 1, true, Set.of("lstm-1"), 1);
      try (Replica replica = Examples.open(Examples.LANGUAGE_MODEL, 1)) {
        Parameters gradient = Parameters.zeros(replica.layout());
        replica.lossAndGradient(Examples.sequences(4, 4), mode, gradient);
        for (int i = 0; i < gradient.count(); i++) {
          boolean trained = replica.layout().slices().get(i).group().equals("lstm-1");
          assertThat(Parameters.of(gradient.slice(i)).norm() > 0).isEqualTo(trained);
        }
      }
    }
  }

  @Nested
  class Refuses {
    @Test
    void graphicsCards() {
      Device card = new Device(Device.Kind.GPU, "0");
      assertThatThrownBy(() -> Engines.standard().open(Examples.MLP, card, Options.seeded(1)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("compute capability 8.6");
    }

    @Test
    void packedRowsWhereALayerWouldMixTheirExamples() {
      ModelSpec convolution =
          Examples.tokens(
              new LayerSpec.Embedding("embedding", Examples.VOCABULARY, 3),
              new LayerSpec.Convolution1d("over-time", 4, 3, LayerSpec.Activation.RELU),
              new LayerSpec.Tokens("next", Examples.VOCABULARY));
      Batch packed = Examples.packed(Examples.sequences(4, 4, 2), 6, 2);
      try (Replica replica = Examples.open(convolution, 1)) {
        assertThatThrownBy(() -> replica.score(packed))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining(
                "layer 'over-time' is of the kind Convolution1d, which would mix the examples");
      }
    }

    @Test
    void tokensThatTheModelDoesNotKnow() {
      ModelSpec small =
          new ModelSpec(
              new InputSpec(InputSpec.Kind.TOKENS, List.of(0), 2),
              List.of(
                  new LayerSpec.Embedding("embedding", 2, 3),
                  new LayerSpec.Tokens("next", Examples.VOCABULARY)));
      try (Replica replica = Examples.open(small, 1)) {
        assertThatThrownBy(() -> replica.score(Examples.sequences(9, 9)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("is not one of the model's 0 to 1");
      }
    }
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.elements()];
    tensor.floats().get(values);
    return values;
  }
}
