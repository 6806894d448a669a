package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.round.Samples.Draft;

@DisplayName("The round loop with Deeplearning4j")
class Dl4jRoundLoopTest {
  private static final double RATE = 0.2;

  private static final ModelSpec LSTM =
      new ModelSpec(
          new InputSpec(InputSpec.Kind.TOKENS, List.of(0), Samples.VOCABULARY),
          List.of(
              new LayerSpec.Embedding("embedding", Samples.VOCABULARY, 5),
              new LayerSpec.Lstm("lstm", 6),
              new LayerSpec.Tokens("tokens", Samples.VOCABULARY)));

  private static ModelSpec mlp(double dropout) {
    List<LayerSpec> layers =
        Stream.<LayerSpec>of(
                new LayerSpec.Dense("dense", 8, LayerSpec.Activation.RELU),
                new LayerSpec.Dropout("dropout", dropout),
                new LayerSpec.Classes("classes", Samples.CLASSES))
            .filter(layer -> dropout > 0 || !(layer instanceof LayerSpec.Dropout))
            .toList();
    return new ModelSpec(
        new InputSpec(InputSpec.Kind.FEATURES, List.of(Samples.FEATURES), 0), layers);
  }

  private static ModelOpener opener(ModelSpec model) {
    return new EngineOpener(
        new Choice<>(EngineTechnique.class.getName(), Engines.STANDARD, "{}"),
        model,
        Options.seeded(Samples.SEED));
  }

  private static TrainingState train(Plan plan, long epochs) {
    try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 0)) {
      TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
      return loop.run(start, epochs, new RoundListener() {});
    }
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("dense, even", mlp(0), Samples.points(16, 4), 4),
        Arguments.of("dense, 13 examples on 4 shards", mlp(0), Samples.points(13, 1), 4),
        Arguments.of("dense, empty shards", mlp(0), Samples.points(6, 3), 5),
        Arguments.of("recurrent, masks, 13 on 4", LSTM, Samples.sequences(13, 4), 4),
        Arguments.of("recurrent, one by one", LSTM, Samples.sequences(13, 1), 4),
        Arguments.of("recurrent, empty shards", LSTM, Samples.sequences(9, 3), 5));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void averagingEveryStepWithSgdEqualsOneMachineOnTheSummedBatch(
      String name, ModelSpec model, List<Batch> batches, int shards) {
    MemoryFeed feed = new MemoryFeed(batches, shards, 5);
    Draft draft = Draft.of(opener(model), feed, Samples.rule("sgd", RATE));

    Parameters expected = OneMachine.train(opener(model), feed, RATE, 2);

    OneMachine.assertClose(train(draft.plan(), 2).parameters(), expected);
    OneMachine.assertClose(
        train(draft.local(1, LocalState.AVERAGED).plan(), 2).parameters(), expected);
  }

  @Test
  void repeatsBitForBitWithDropout() {
    Draft draft =
        Draft.of(
                opener(mlp(0.3)),
                new MemoryFeed(Samples.points(40, 4), 3, 5),
                Samples.rule("adamw", 0.02))
            .local(2, LocalState.AVERAGED);
    Plan plan = draft.plan();
    TrainingState first = train(plan, 2);
    assertThat(train(plan, 2).parameters()).isEqualTo(first.parameters());
    assertThat(train(plan, 1).parameters()).isNotEqualTo(first.parameters());

    try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 0)) {
      TrainingState resumed = loop.run(train(plan, 1), 2, new RoundListener() {});
      assertThat(resumed.parameters()).isEqualTo(first.parameters());
      assertThat(resumed.ruleState()).isEqualTo(first.ruleState());
    }
  }
}
