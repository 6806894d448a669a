package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.checkpoint.Checkpoints;
import org.trainyard.training.checkpoint.Position;
import org.trainyard.training.checkpoint.Tally;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.codec.EightBit;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.FisherMask;
import org.trainyard.training.optimize.GaLore;
import org.trainyard.training.optimize.OuterRule;
import org.trainyard.training.optimize.OuterUpdate;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.SharpnessAware;
import org.trainyard.training.optimize.StepForm;
import org.trainyard.training.optimize.StepRule;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;
import org.trainyard.training.round.Samples.Draft;

@DisplayName("The round loop")
class RoundLoopTest {
  private static final RoundListener SILENT = new RoundListener() {};

  private static TrainingState train(Plan plan, long epochs) {
    return train(plan, epochs, SILENT);
  }

  private static TrainingState train(Plan plan, long epochs, RoundListener listener) {
    try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 10)) {
      TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
      return loop.run(start, epochs, listener);
    }
  }

  @Nested
  class AveragingEveryStepWithSgd {
    private static final double RATE = 0.3;

    @ParameterizedTest
    @CsvSource({"16, 4, 4", "13, 4, 4", "13, 1, 4", "9, 2, 3", "2, 1, 5"})
    void equalsOneMachineOnTheSummedBatch(int examples, int batchSize, int shards) {
      List<Batch> batches = Samples.sequences(examples, batchSize);
      Feed feed = new MemoryFeed(batches, shards, 5);
      ModelOpener opener = Samples.tiny(Samples.TOKEN_MODEL);
      Draft draft = Draft.of(opener, feed, Samples.rule("sgd", RATE));

      Parameters expected = OneMachine.train(opener, feed, RATE, 2);

      OneMachine.assertClose(train(draft.plan(), 2).parameters(), expected);
      OneMachine.assertClose(
          train(draft.local(1, LocalState.AVERAGED).plan(), 2).parameters(), expected);
    }

    @ParameterizedTest
    @CsvSource({"16, 4, 2, 2", "13, 1, 4, 3", "9, 2, 3, 5"})
    void equalsOneMachineWithSeveralBatchesAStep(
        int examples, int batchSize, int shards, int batchesPerStep) {
      Feed feed = new MemoryFeed(Samples.sequences(examples, batchSize), shards, 5);
      ModelOpener opener = Samples.tiny(Samples.TOKEN_MODEL);
      Draft draft =
          Draft.of(opener, feed, Samples.rule("sgd", RATE)).batchesPerStep(batchesPerStep);

      Parameters expected = OneMachine.train(opener, feed, RATE, 2, batchesPerStep, 0);

      TrainingState end = train(draft.plan(), 2);
      OneMachine.assertClose(end.parameters(), expected);
      assertThat(end.position().total().examples()).isEqualTo(2L * examples);
      assertThat(end.position().step())
          .isEqualTo(2 * ((feed.batches(0, 0) + batchesPerStep - 1) / batchesPerStep));
      OneMachine.assertClose(
          train(draft.local(1, LocalState.AVERAGED).plan(), 2).parameters(), expected);
    }

    @Test
    void equalsOneMachineWithTheGradientOfAPointUphill() {
      Feed feed = new MemoryFeed(Samples.sequences(13, 2), 3, 5);
      ModelOpener opener = Samples.tiny(Samples.TOKEN_MODEL);
      StepForm uphill = new SharpnessAware().create(new SharpnessAware.Config(0.2));
      PlainStep plain = new PlainStep(Samples.rule("sgd", RATE), Clipping.NONE);
      Draft draft = Draft.of(opener, feed, plain.rule()).rule(uphill.around(plain));

      TrainingState end = train(draft.plan(), 2);

      OneMachine.assertClose(end.parameters(), OneMachine.train(opener, feed, RATE, 2, 1, 0.2));
      assertThat(end.position().total().examples()).isEqualTo(2 * 13);
    }
  }

  @Nested
  class DropsAndRepeatsNoExample {
    @ParameterizedTest
    @CsvSource({
      "1, 1, 1",
      "1, 3, 4",
      "7, 2, 1",
      "7, 2, 3",
      "12, 4, 2",
      "13, 1, 4",
      "13, 4, 4",
      "79, 10, 4",
      "119, 10, 4",
      "40, 3, 6"
    })
    void whateverTheNumberOfExamplesShardsAndLocalSteps(int examples, int batchSize, int shards) {
      List<Batch> batches = Samples.sequences(examples, batchSize);
      Tally all =
          batches.stream().map(batch -> Tally.of(batch, 0, 0)).reduce(Tally.NONE, Tally::plus);
      Draft draft =
          Draft.of(
              Samples.tiny(Samples.TOKEN_MODEL),
              new MemoryFeed(batches, shards, 5),
              Samples.rule("sgd", 0.1));
      for (Draft variant : List.of(draft, draft.local(3, LocalState.RESET))) {
        List<Tally> epochs = new ArrayList<>();
        List<Long> rounds = new ArrayList<>();
        TrainingState end =
            train(
                variant.plan(),
                2,
                new RoundListener() {
                  @Override
                  public void afterRound(RoundReport report, TrainingState state) {
                    rounds.add(report.round());
                  }

                  @Override
                  public void afterEpoch(TrainingState state, Tally epoch) {
                    epochs.add(epoch);
                  }
                });
        assertThat(epochs).hasSize(2).allMatch(all::sameExamples);
        assertThat(end.position().total().examples()).isEqualTo(2L * examples);
        assertThat(end.position().seen()).isEqualTo(2 * all.units());
        assertThat(rounds).hasSize((int) (2 * RoundLoop.roundsIn(variant.plan(), 0)));
      }
    }
  }

  private static final OuterRule MOMENTUM =
      new OuterUpdate()
          .create(new OuterUpdate.Settings(Samples.choice("momentum", "{\"learning-rate\": 0.7}")));

  private static final Codec EIGHT_BIT = new EightBit().create(new EightBit.Settings(64));

  @Nested
  class SendsChanges {
    private final Draft draft =
        Draft.of(
                Samples.tiny(Samples.TOKEN_MODEL),
                new MemoryFeed(Samples.sequences(40, 3), 3, 5),
                Samples.rule("adamw", 0.05))
            .local(2, LocalState.RESET);

    @Test
    void andAnOuterStepOfRateOneIsTheMean() {
      OuterRule whole =
          new OuterUpdate()
              .create(new OuterUpdate.Settings(Samples.choice("sgd", "{\"learning-rate\": 1}")));
      Parameters mean = train(draft.plan(), 2).parameters();
      Parameters stepped = train(draft.outer(whole).plan(), 2).parameters();

      assertThat(stepped.add(mean, -1).norm()).isLessThan(1e-5 * mean.norm());
    }

    @Test
    void inAQuarterOfTheBytesWithEightBits() {
      List<Long> bytesUp = new ArrayList<>();
      Plan plan = draft.codec(EIGHT_BIT).plan();
      try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 10)) {
        TrainingState end =
            loop.run(
                RoundLoop.start(plan, Samples.initial(plan.opener())),
                2,
                new RoundListener() {
                  @Override
                  public void afterRound(RoundReport report, TrainingState state) {
                    bytesUp.add(report.bytesUp());
                  }
                });
        Parameters exact = train(draft.plan(), 2).parameters();
        assertThat(end.parameters().copy().add(exact, -1).norm())
            .isGreaterThan(0)
            .isLessThan(0.05 * exact.norm());
      }
      long scales = plan.layout().slices().stream().mapToInt(s -> (s.length() + 63) / 64).sum();
      assertThat(bytesUp.get(0)).isEqualTo(3 * (plan.layout().length() + 4 * scales));
    }
  }

  @Nested
  class GoesOnFromAnyRound {
    @TempDir private java.nio.file.Path folder;

    /** Every registered rule and step applied on the driver; one also in the other ways. */
    static Stream<Arguments> rulesAndWays() {
      UpdateRule adamw = Samples.rule("adamw", 0.05);
      Stream<Arguments> rules =
          Techniques.of(UpdateRuleTechnique.class).names().stream()
              .map(name -> synchronous(name, plain(Samples.rule(name, 0.05))));
      GaLore.Config twoOfThree =
          new GaLore.Config(0.05, 2, 4, 0.25, List.of(), 0.9, 0.999, 1e-8, 0.1);
      Stream<Arguments> steps =
          Stream.of(
              synchronous("galore in two dimensions", plain(new GaLore().create(twoOfThree))),
              synchronous(
                  "sharpness-aware",
                  new SharpnessAware().create(new SharpnessAware.Config(0.1)).around(plain(adamw))),
              synchronous(
                  "fisher-mask",
                  new FisherMask()
                      .create(new FisherMask.Config(0.5, 5, List.of()))
                      .around(plain(adamw))));
      Stream<Arguments> ways =
          Stream.of(
              Arguments.of("adamw", plain(adamw), "averaged"),
              Arguments.of("adamw", plain(adamw), "reset"),
              Arguments.of("adamw", plain(adamw), "outer"),
              Arguments.of("adamw", plain(adamw), "diloco"));
      return Stream.of(rules, steps, ways).flatMap(cases -> cases);
    }

    private static Arguments synchronous(String name, StepRule rule) {
      return Arguments.of(name, rule, "synchronous");
    }

    private static StepRule plain(UpdateRule rule) {
      return new PlainStep(rule, Clipping.NONE);
    }

    @ParameterizedTest
    @MethodSource("rulesAndWays")
    void andEndsBitEqual(String name, StepRule rule, String kind) {
      Draft draft =
          Draft.of(
                  Samples.tiny(Samples.DROPOUT_MODEL),
                  new MemoryFeed(Samples.points(50, 4), 3, 5),
                  Samples.rule("sgd", 1))
              .rule(rule)
              .schedule((seen, total) -> 1 / (1 + seen / 50.0));
      Plan plan =
          switch (kind) {
            case "synchronous" -> draft.plan();
            case "averaged" -> draft.local(2, LocalState.AVERAGED).plan();
            case "outer" -> draft.local(2, LocalState.AVERAGED).outer(MOMENTUM).plan();
            case "diloco" ->
                draft.local(2, LocalState.RESET).outer(MOMENTUM).codec(EIGHT_BIT).plan();
            default -> draft.local(2, LocalState.RESET).plan();
          };
      List<TrainingState> states = new ArrayList<>();
      TrainingState end =
          train(
              plan,
              3,
              new RoundListener() {
                @Override
                public void afterRound(RoundReport report, TrainingState state) {
                  states.add(copy(state));
                }
              });
      assertThat(states.size()).isGreaterThan(8);
      for (TrainingState from : List.of(states.get(0), states.get(3), states.get(7))) {
        try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 10)) {
          TrainingState resumed = loop.run(savedAndRead(from, plan), 3, SILENT);
          assertThat(resumed.parameters()).isEqualTo(end.parameters());
          assertThat(resumed.ruleState()).isEqualTo(end.ruleState());
          assertThat(resumed.position().total()).isEqualTo(end.position().total());
          assertThat(resumed.position().step()).isEqualTo(end.position().step());
        }
      }
    }

    private TrainingState savedAndRead(TrainingState state, Plan plan) {
      Checkpoints checkpoints =
          new Checkpoints(
              new Storage(Samples.spark().hadoopConfiguration()),
              new Path(folder.resolve("round-" + state.position().round()).toUri()),
              plan.layout(),
              1,
              1);
      checkpoints.save(state, List.of(), Map.of());
      return checkpoints.latest().orElseThrow().state();
    }

    private static TrainingState copy(TrainingState state) {
      return new TrainingState(
          state.position(),
          state.parameters().copy(),
          state.ruleState().stream().map(Parameters::copy).toList());
    }
  }

  @Nested
  class CutsLongVectorsIntoBlocks {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withTheSameBitsAsOnTheDriver(boolean local) {
      Draft draft =
          Draft.of(
              Samples.tiny(Samples.TOKEN_MODEL),
              new MemoryFeed(Samples.sequences(40, 3), 3, 5),
              Samples.rule("adamw", 0.05));
      Plan plan = local ? draft.local(2, LocalState.AVERAGED).plan() : draft.plan();
      TrainingState collected = train(plan, 2);
      for (int blockElements : List.of(1, 5, 56, 1000)) {
        Exchange cut = new Exchange(Samples.spark(), plan, 0, blockElements, true);
        try (RoundLoop loop = new RoundLoop(plan, 10, cut)) {
          List<Long> bytesUp = new ArrayList<>();
          TrainingState shuffled =
              loop.run(
                  RoundLoop.start(plan, Samples.initial(plan.opener())),
                  2,
                  new RoundListener() {
                    @Override
                    public void afterRound(RoundReport report, TrainingState state) {
                      bytesUp.add(report.bytesUp());
                    }
                  });
          assertThat(shuffled.parameters()).isEqualTo(collected.parameters());
          assertThat(shuffled.ruleState()).isEqualTo(collected.ruleState());
          long vector = plan.layout().length() * 4 * (local ? 3 : 1);
          assertThat(bytesUp.get(0)).isEqualTo(3 * vector);
        }
      }
    }
  }

  @Nested
  class GuardsAgainstNumbersThatAreNotFinite {
    private static List<Batch> withBrokenBatch(int index) {
      List<Batch> batches = new ArrayList<>(Samples.points(24, 4));
      Batch broken = batches.get(index);
      float[] input = new float[broken.size() * Samples.FEATURES];
      java.util.Arrays.fill(input, Float.NaN);
      batches.set(
          index,
          Batch.of(
              broken.exampleIds(),
              Tensor.ofFloats(Batch.INPUT, new int[] {broken.size(), Samples.FEATURES}, input),
              broken.tensor(Batch.TARGET)));
      return batches;
    }

    private static Draft draft(List<Batch> batches) {
      return Draft.of(
          Samples.tiny(Samples.DROPOUT_MODEL),
          new MemoryFeed(batches, 2, 5),
          Samples.rule("momentum", 0.1));
    }

    @Test
    void andSkipsTheUpdateOfTheRound() {
      List<Parameters> after = new ArrayList<>();
      List<Integer> skipped = new ArrayList<>();
      Plan plan = draft(withBrokenBatch(3)).plan();
      TrainingState end =
          train(
              plan,
              1,
              new RoundListener() {
                @Override
                public void afterRound(RoundReport report, TrainingState state) {
                  after.add(state.parameters().copy());
                  skipped.add(report.skippedSteps());
                }
              });
      int bad = skipped.indexOf(1);
      Parameters before = bad == 0 ? Samples.initial(plan.opener()) : after.get(bad - 1);
      assertThat(after.get(bad)).isEqualTo(before);
      assertThat(end.position().skippedRounds()).isEqualTo(1);
      assertThat(end.position().step()).isEqualTo(2);
      assertThat(end.position().total().examples()).isEqualTo(24);
      assertThat(end.parameters().finite()).isTrue();
    }

    @Test
    void andSkipsOnlyTheStepOfALocalRound() {
      TrainingState end = train(draft(withBrokenBatch(3)).local(3, LocalState.AVERAGED).plan(), 1);
      assertThat(end.position().skippedRounds()).isEqualTo(1);
      assertThat(end.position().total().examples()).isEqualTo(24);
      assertThat(end.position().total().weight()).isEqualTo(20);
      assertThat(end.parameters().finite()).isTrue();
    }

    @Test
    void andStopsWhenThereAreTooMany() {
      Plan plan = draft(withBrokenBatch(0)).plan();
      try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 2)) {
        TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
        assertThatThrownBy(() -> loop.run(start, 5, SILENT))
            .isInstanceOf(GateException.class)
            .hasMessageContaining("3 rounds had a gradient or parameters that are not finite")
            .hasMessageContaining("max-bad-rounds");
      }
    }
  }

  @Nested
  class FollowsItsSettings {
    @Test
    void andClipsTheMeanGradient() {
      Draft draft =
          Draft.of(
              Samples.tiny(Samples.DROPOUT_MODEL),
              new MemoryFeed(Samples.points(8, 4), 2, 5),
              Samples.rule("sgd", 1));
      Plan plan = draft.rule(new PlainStep(Samples.rule("sgd", 1), new Clipping(0.01))).plan();
      Parameters before = Samples.initial(plan.opener());
      Parameters after = train(plan, 1).parameters();
      assertThat(after.copy().add(before, -1).norm()).isCloseTo(0.01, Offset.offset(1e-6));
    }

    @Test
    void andCountsRealUnitsForTheSchedule() {
      List<Double> rates = new ArrayList<>();
      List<Batch> batches = Samples.sequences(12, 4);
      Plan plan =
          Draft.of(
                  Samples.tiny(Samples.TOKEN_MODEL),
                  new MemoryFeed(batches, 1, 5),
                  Samples.rule("sgd", 1))
              .schedule((seen, total) -> seen)
              .plan();
      List<Long> seen = new ArrayList<>(List.of(0L));
      train(
          plan,
          1,
          new RoundListener() {
            @Override
            public void afterRound(RoundReport report, TrainingState state) {
              rates.add(report.rate());
              seen.add(state.position().seen());
            }
          });
      assertThat(rates).containsExactly(0.0, (double) seen.get(1), (double) seen.get(2));
      assertThat(seen.get(3)).isEqualTo(batches.stream().mapToLong(Batch::realUnits).sum());
    }

    @Test
    void andScoresAllExamplesOfAFeed() {
      Plan plan =
          Draft.of(
                  Samples.tiny(Samples.DROPOUT_MODEL),
                  new MemoryFeed(Samples.points(60, 4), 3, 5),
                  Samples.rule("adam", 0.1))
              .plan();
      TrainingState end = train(plan, 20);
      try (RoundLoop loop = new RoundLoop(Samples.spark(), plan, 10)) {
        Score before = loop.score(Plan.TRAINING, Samples.initial(plan.opener()));
        Score after = loop.score(Plan.TRAINING, end.parameters());
        assertThat(before.examples()).isEqualTo(60);
        assertThat(after.lossPerUnit()).isLessThan(before.lossPerUnit());
        assertThat(after.accuracy()).isGreaterThan(0.8);
      }
    }
  }

  @Test
  void refusesAnEpochWithoutBatches() {
    Plan plan =
        Draft.of(
                Samples.tiny(Samples.TOKEN_MODEL),
                new MemoryFeed(List.of(), 2, 5),
                Samples.rule("sgd", 1))
            .plan();
    assertThatThrownBy(() -> train(plan, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no batches");
  }

  @Test
  void leavesNothingBehindAfterManyRounds() throws InterruptedException {
    Plan plan =
        Draft.of(
                Samples.tiny(Samples.TOKEN_MODEL),
                new MemoryFeed(Samples.sequences(8, 2), 2, 5),
                Samples.rule("adam", 0.01))
            .local(1, LocalState.AVERAGED)
            .plan();
    train(plan, 5);
    long before = bytesInBlockManager();
    TrainingState end = train(plan, 100);
    assertThat(end.position().round()).isEqualTo(200);
    assertThat(bytesInBlockManager()).isLessThanOrEqualTo(before);
    assertThat(ReplicaStore.here().open()).isZero();
    assertThat(Samples.spark().getPersistentRDDs()).isEmpty();
  }

  /**
   * Spark's own task binaries go with a garbage collection, a little later: waits until none goes.
   */
  private static long bytesInBlockManager() throws InterruptedException {
    long bytes = Long.MAX_VALUE;
    for (int unchanged = 0; unchanged < 4; ) {
      System.gc();
      Thread.sleep(50);
      var status = Samples.spark().sc().getExecutorMemoryStatus().values().head();
      long now = (long) status._1() - (long) status._2();
      unchanged = now < bytes ? 0 : unchanged + 1;
      bytes = Math.min(bytes, now);
    }
    return bytes;
  }

  @Test
  void startsAtTheBeginning() {
    assertThat(Position.start(3).atEpochEnd()).isFalse();
    assertThat(Position.start(3).nextEpoch().atEpochEnd()).isTrue();
  }
}
