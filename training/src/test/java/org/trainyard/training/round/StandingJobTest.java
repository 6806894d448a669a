package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.training.checkpoint.Tally;
import org.trainyard.training.checkpoint.TrainingState;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.codec.Float32;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.round.Samples.Draft;

@DisplayName("The standing job, on two task slots")
class StandingJobTest {
  private static final RoundListener SILENT = new RoundListener() {};
  private static final long EPOCHS = 2;

  /** What happens to tasks: static, as plans are serialised. */
  private static final AtomicInteger PASSES_TO_TROUBLE = new AtomicInteger(-1);

  private static final AtomicInteger DELIVERIES_TO_TROUBLE = new AtomicInteger(-1);
  private static volatile Runnable trouble = () -> {};

  private final JavaSparkContext spark = Samples.spark();
  private final String group = UUID.randomUUID().toString();

  @BeforeEach
  void nameTheGroup() {
    spark.setJobGroup(group, "standing job test", false);
  }

  @AfterEach
  void leavesNoJobNoReplicaAndNoTrouble() throws TimeoutException {
    spark.clearJobGroup();
    PASSES_TO_TROUBLE.set(-1);
    DELIVERIES_TO_TROUBLE.set(-1);
    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
    assertThat(ReplicaStore.here().open()).isZero();
  }

  private static Plan plan(Draft draft) {
    ModelOpener calm = draft.opener();
    Plan plan = draft.plan();
    return new Plan(
        device -> troubled(calm.open(device)),
        plan.layout(),
        plan.feeds(),
        plan.rule(),
        plan.schedule(),
        plan.totalUnits(),
        plan.mode(),
        plan.localSteps(),
        plan.localState(),
        plan.outer(),
        plan.combiner(),
        new TroubledCodec(),
        plan.seed());
  }

  private static Draft draft(int shards) {
    return Draft.of(
            Samples.tiny(Samples.DROPOUT_MODEL),
            new MemoryFeed(Samples.points(50, 3), shards, 5),
            Samples.rule("adamw", 0.05))
        .schedule((seen, total) -> 1 / (1 + seen / 50.0));
  }

  private TrainingState train(Plan plan, boolean messages, RoundListener listener) {
    Exchange exchange =
        new Exchange(spark, plan, Exchange.COLLECT_LIMIT_BYTES, Exchange.BLOCK_ELEMENTS, messages);
    try (RoundLoop loop = new RoundLoop(plan, 10, exchange)) {
      TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
      return loop.run(start, EPOCHS, listener);
    }
  }

  private static void assertSame(TrainingState actual, TrainingState expected) {
    assertThat(actual.parameters()).isEqualTo(expected.parameters());
    assertThat(actual.ruleState()).isEqualTo(expected.ruleState());
    assertThat(actual.position().total()).isEqualTo(expected.position().total());
  }

  @ParameterizedTest
  @CsvSource({"SYNCHRONOUS, 1", "SYNCHRONOUS, 3", "AVERAGED, 2", "AVERAGED, 5", "RESET, 5"})
  void givesTheBitsOfAJobForEachRound(String kind, int shards) {
    Draft draft = draft(shards);
    Plan plan = plan(kind.equals("SYNCHRONOUS") ? draft : draft.local(2, LocalState.valueOf(kind)));
    assertSame(train(plan, true, SILENT), train(plan, false, SILENT));
  }

  @Test
  void servesManyRoundsAndScores() {
    Plan plan = plan(draft(2));
    List<Score> scores = new ArrayList<>();
    try (RoundLoop loop = new RoundLoop(spark, plan, 10)) {
      TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
      TrainingState end =
          loop.run(
              start,
              20,
              new RoundListener() {
                @Override
                public void afterEpoch(TrainingState state, Tally epoch) {
                  scores.add(loop.score(Plan.TRAINING, state.parameters()));
                }
              });
      assertThat(end.position().round()).isEqualTo(20 * RoundLoop.roundsIn(plan, 0));
    }
    assertThat(scores).hasSize(20).allMatch(score -> score.examples() == 50);
    assertThat(scores.get(19).lossPerUnit()).isLessThan(scores.get(0).lossPerUnit());
    int[] jobs = spark.statusTracker().getJobIdsForGroup(group);
    assertThat(jobs.length).isPositive().isLessThan(20);
  }

  @Nested
  class GivesTheSameBits {
    private final Plan plan = plan(draft(5).local(2, LocalState.AVERAGED));
    private final TrainingState expected = train(plan, false, SILENT);
    private final Set<Integer> attempts = new TreeSet<>();

    private void assertTroubleMakesNoDifference() {
      trouble =
          () -> {
            TaskContext task = TaskContext.get();
            synchronized (attempts) {
              attempts.add(task.attemptNumber());
            }
            JavaSparkContext.toSparkContext(Samples.spark())
                .killTaskAttempt(task.taskAttemptId(), false, "made to fail");
            while (!task.isInterrupted()) {
              Thread.onSpinWait();
            }
            throw new IllegalStateException("made to fail");
          };
      assertSame(train(plan, true, SILENT), expected);
      assertThat(attempts).contains(0);
    }

    @Test
    void whenATaskIsKilledInTheMiddleOfAStepAndTriedAgain() {
      PASSES_TO_TROUBLE.set(7);
      assertTroubleMakesNoDifference();
      assertThat(PASSES_TO_TROUBLE).hasValue(-1);
    }

    @Test
    void whenATaskIsKilledBeforeItHandsInWhatItDid() {
      DELIVERIES_TO_TROUBLE.set(3);
      assertTroubleMakesNoDifference();
      assertThat(DELIVERIES_TO_TROUBLE).hasValue(-1);
    }

    @Test
    void withMoreTasksThanSlots() {
      List<Roster.Delivery> brought = new ArrayList<>();
      Broadcast<byte[]> bytes = spark.broadcast(Wire.serialize(plan));
      String run = UUID.randomUUID().toString();
      RoundCall call = new RoundCall(run, 0, 0, new long[5], 5, 0, 0);
      TrainingState start = RoundLoop.start(plan, Samples.initial(plan.opener()));
      Parameters down = Wire.join(start.parameters(), start.ruleState());
      try (StandingJob job = new StandingJob(spark, run, 1, 5, bytes)) {
        for (long turn : List.of(1L, 2L, 3L)) {
          StandingJob.Told told = new StandingJob.Told(new Turn.OfRound(turn, call), down);
          assertThat(job.serve(told, 5, brought::add)).isTrue();
        }
      }
      ReplicaStore.here().close(run);
      bytes.destroy();
      assertThat(brought).hasSize(15);
      for (Roster.Delivery delivery : brought) {
        assertThat(brought)
            .filteredOn(other -> other.shard() == delivery.shard())
            .hasSize(3)
            .allSatisfy(other -> assertThat(other.vector()).isEqualTo(delivery.vector()));
      }
    }
  }

  @Test
  void givesWayToOtherJobsBetweenRounds() {
    List<Long> counts = new ArrayList<>();
    train(
        plan(draft(2)),
        true,
        new RoundListener() {
          @Override
          public void afterEpoch(TrainingState state, Tally epoch) {
            counts.add(spark.parallelize(List.of(1, 2, 3, 4), 4).count());
          }
        });
    assertThat(counts).containsExactly(4L, 4L);
  }

  @Test
  void failsTheRoundWithWhatATaskFailedWith() {
    trouble =
        () -> {
          throw new DataException("batches/part-7: broken. Plan the batches anew.");
        };
    PASSES_TO_TROUBLE.set(5);
    Plan plan = plan(draft(3));
    assertThatThrownBy(() -> train(plan, true, SILENT))
        .satisfies(
            error ->
                assertThat(Failure.of(error))
                    .isEqualTo(
                        new Failure(
                            Failure.DATA, "batches/part-7: broken. Plan the batches anew.")));
  }

  @Test
  void failsTheRoundWhenItsJobGroupIsCancelled() {
    trouble =
        () -> {
          spark.cancelJobGroup(group);
          awaitCancelled();
        };
    PASSES_TO_TROUBLE.set(5);
    Plan plan = plan(draft(3));
    assertThatThrownBy(() -> train(plan, true, SILENT)).hasMessageContaining("cancelled");
  }

  @Test
  void endsWhenTheDriverFailsBetweenRounds() {
    Plan plan = plan(draft(3));
    assertThatThrownBy(
            () ->
                train(
                    plan,
                    true,
                    new RoundListener() {
                      @Override
                      public void afterRound(RoundReport report, TrainingState state) {
                        throw new IllegalStateException("the listener failed");
                      }
                    }))
        .hasMessage("the listener failed");
  }

  /** Holds the task up until it is told: the run must not end before. */
  private static void awaitCancelled() {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!TaskContext.get().isInterrupted() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void count(AtomicInteger toTrouble) {
    if (toTrouble.getAndUpdate(left -> Math.max(-1, left - 1)) == 0) {
      trouble.run();
    }
  }

  private static Replica troubled(Replica inner) {
    return new CountedReplica(inner, new AtomicInteger(), new AtomicInteger()) {
      @Override
      public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
        count(PASSES_TO_TROUBLE);
        return super.lossAndGradient(batch, mode, gradient);
      }
    };
  }

  private static final class TroubledCodec implements Codec {
    private static final long serialVersionUID = 1;

    @Override
    public boolean exact() {
      return true;
    }

    @Override
    public byte[] encode(Parameters values) {
      count(DELIVERIES_TO_TROUBLE);
      return new Float32().encode(values);
    }

    @Override
    public void decode(java.nio.ByteBuffer from, Parameters into) {
      new Float32().decode(from, into);
    }
  }
}
