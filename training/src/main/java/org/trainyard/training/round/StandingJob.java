package org.trainyard.training.round;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.trainyard.pipeline.run.SideChannel;
import org.trainyard.training.engine.Parameters;
import scala.collection.JavaConverters;
import scala.concurrent.Await;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * One Spark job whose tasks stay and serve turn after turn, so that a round costs messages and not
 * a job. Tasks ask the driver through the {@link SideChannel}; {@link Roster} decides who does
 * what.
 *
 * <p>Failures are Spark's business as ever: a failed task is tried again by the scheduler, and a
 * job that fails fails the turn with its exception. A job in which a task failed serves no further
 * turn, so that {@code spark.task.maxFailures} counts by turn, and the next job is as wide as the
 * cluster is by then.
 */
final class StandingJob implements AutoCloseable {
  private static final Duration LISTEN = Duration.ofMillis(20);
  private static final long SECONDS_TO_LEAVE = 5;

  private final JavaSparkContext spark;
  private final String desk;
  private final int tasks;
  private final boolean sameJvm;
  private final Roster roster;
  private final SimpleFutureAction<BoxedUnit> job;
  private final SparkListener listener;
  private volatile Optional<Told> told = Optional.empty();

  /**
   * A turn and the parameters that go with it.
   *
   * @param down parameters, and the rule's state if it is exchanged; read only
   */
  record Told(Turn turn, Parameters down) {}

  /** A turn as it goes to other machines, of classes of the JDK. */
  private volatile Object[] encoded = {};

  StandingJob(JavaSparkContext spark, String run, int number, int tasks, Broadcast<byte[]> plan) {
    this.spark = spark;
    this.desk = "rounds of %s, job %d".formatted(run, number);
    this.tasks = tasks;
    this.sameJvm = spark.sc().isLocal();
    this.roster = new Roster(tasks, System.nanoTime());
    this.listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo() != null) {
              roster.ended(end.taskInfo().taskId());
            }
          }
        };
    JavaRDD<Integer> numbers = spark.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks);
    List<Object> partitions = new ArrayList<>(IntStream.range(0, tasks).boxed().toList());
    spark.sc().addSparkListener(listener);
    SideChannel.open(desk, this::answer);
    this.job =
        spark
            .sc()
            .submitJob(
                numbers.rdd(),
                new StandingTask(run, desk, tasks, plan),
                JavaConverters.asScalaBuffer(partitions).toSeq(),
                new Nothing(),
                new Unit());
  }

  /** Tasks return nothing. */
  private static final class Nothing extends AbstractFunction2<Object, BoxedUnit, BoxedUnit> {
    @Override
    public BoxedUnit apply(Object task, BoxedUnit result) {
      return BoxedUnit.UNIT;
    }
  }

  private static final class Unit extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      return BoxedUnit.UNIT;
    }
  }

  /** How many tasks it has. */
  int tasks() {
    return tasks;
  }

  /** Whether this job must be ended and another one started for the next turn. */
  boolean spent() {
    return roster.spent() || job.isCompleted();
  }

  private Object answer(Object question) {
    if (question instanceof Roster.Delivery delivery) {
      roster.deliver(delivery, System.nanoTime());
      return true;
    }
    if (question instanceof Roster.Loss loss) {
      roster.ended(loss.id());
      return true;
    }
    if (question instanceof Roster.Attempt who) {
      Roster.Order order = roster.ask(who, System.nanoTime());
      return new long[] {order.duty().ordinal(), order.turn(), order.shard()};
    }
    // The number of a turn: what it is about.
    Told now = told.orElseThrow();
    if (now.turn().number() != (Long) question) {
      return new Object[0];
    }
    return sameJvm ? now : encoded;
  }

  /**
   * Has every shard of a feed do its part, and hands on what each brings as it comes.
   *
   * @return false if the tasks are leaving and nothing was done
   */
  boolean serve(Told asked, int shards, Consumer<Roster.Delivery> deliveries) {
    Turn turn = asked.turn();
    told = Optional.of(asked);
    if (!sameJvm) {
      encoded =
          new Object[] {Wire.serialize(turn), Wire.encodeSlices(Exchange.EXACT, asked.down())};
    }
    if (!roster.open(turn.number(), shards)) {
      return false;
    }
    try {
      for (int missing = shards; missing > 0; ) {
        Optional<Roster.Delivery> delivery = roster.next(LISTEN);
        if (delivery.isPresent()) {
          missing--;
          deliveries.accept(delivery.get());
        } else if (job.isCompleted() && roster.isOpen()) {
          fail();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in the middle of turn " + turn.number(), e);
    }
    return true;
  }

  /** Throws what the job failed with. */
  private void fail() {
    job.value().get().get();
    throw new IllegalStateException("All tasks left in the middle of a turn");
  }

  /** Ends the job between two turns; throws what it failed with, if it did. */
  void end() {
    if (leave()) {
      job.value().get().get();
    }
  }

  /** Ends the job; in the middle of a turn, by cancelling it. */
  @Override
  public void close() {
    leave();
  }

  /** Waits for the tasks to leave; false if the job had to be cancelled. */
  private boolean leave() {
    roster.leave();
    try {
      boolean cut = roster.isOpen() && !job.isCompleted();
      if (cut) {
        job.cancel();
      }
      Await.ready(job, scala.concurrent.duration.Duration.create(SECONDS_TO_LEAVE, "s"));
      return !cut;
    } catch (TimeoutException e) {
      job.cancel();
      return false;
    } catch (InterruptedException e) {
      job.cancel();
      Thread.currentThread().interrupt();
      return false;
    } finally {
      SideChannel.close(desk);
      spark.sc().removeSparkListener(listener);
    }
  }
}
