package org.trainyard.training.round;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.trainyard.pipeline.run.SideChannel;
import org.trainyard.training.engine.Parameters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * A task of a {@link StandingJob}: leases a replica when it first has something to do, and serves
 * shards until it is told to leave.
 */
final class StandingTask extends AbstractFunction1<scala.collection.Iterator<Integer>, BoxedUnit>
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Roster.Duty[] DUTIES = Roster.Duty.values();

  /** Questions that all tasks together put to the driver in a second while they wait, at most. */
  private static final long QUESTIONS_PER_SECOND = 10_000;

  private static final long SHORTEST_PAUSE_NANOS = 50_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000;

  private final String run;
  private final String desk;
  private final int tasks;
  private final Broadcast<byte[]> plan;

  /**
   * @param desk where the driver answers
   * @param tasks of the job
   * @param plan the serialised {@link Plan}
   */
  StandingTask(String run, String desk, int tasks, Broadcast<byte[]> plan) {
    this.run = run;
    this.desk = desk;
    this.tasks = tasks;
    this.plan = plan;
  }

  @Override
  public BoxedUnit apply(scala.collection.Iterator<Integer> numbers) {
    TaskContext task = TaskContext.get();
    boolean well = false;
    try {
      serve(task);
      well = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!well) {
        tellOfFailure(task);
      }
    }
    return BoxedUnit.UNIT;
  }

  private void tellOfFailure(TaskContext task) {
    try {
      SideChannel.consult(desk, new Roster.Loss(task.taskAttemptId()));
    } catch (IOException e) {
      // Spark tells the driver as well, a little later.
    }
  }

  private void serve(TaskContext task) throws IOException {
    Roster.Attempt self =
        new Roster.Attempt(task.partitionId(), task.attemptNumber(), task.taskAttemptId());
    Optional<ReplicaStore.Lease> lease = Optional.empty();
    long idleSince = System.nanoTime();
    while (true) {
      Roster.Order order = order(self);
      switch (order.duty()) {
        case LEAVE -> {
          return;
        }
        case WAIT -> pause(task, System.nanoTime() - idleSince);
        case SERVE -> {
          if (lease.isEmpty()) {
            lease = Optional.of(RoundTask.lease(run, plan));
          }
          serve(lease.get(), order);
          idleSince = System.nanoTime();
        }
      }
    }
  }

  private Roster.Order order(Roster.Attempt self) throws IOException {
    long[] answer = (long[]) SideChannel.consult(desk, self);
    return new Roster.Order(DUTIES[(int) answer[0]], answer[1], (int) answer[2]);
  }

  /** Longer and longer, so that waiting costs little and is late by an eighth of its length. */
  private void pause(TaskContext task, long waited) {
    long longest = Math.max(LONGEST_PAUSE_NANOS, tasks * 1_000_000_000L / QUESTIONS_PER_SECOND);
    LockSupport.parkNanos(Math.max(SHORTEST_PAUSE_NANOS, Math.min(longest, waited / 8)));
    if (task.isInterrupted() || Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("Told to stop while waiting for the next turn");
    }
  }

  private void serve(ReplicaStore.Lease lease, Roster.Order order) throws IOException {
    Optional<StandingJob.Told> told = lease.told(order.turn(), () -> read(order.turn()));
    if (told.isEmpty()) {
      return; // The turn came to its end without this attempt.
    }
    lease.sound(false);
    Roster.Delivery delivery =
        told.get().turn() instanceof Turn.OfRound round
            ? part(lease, round, told.get().down(), order.shard())
            : new Roster.Delivery(
                order.turn(),
                order.shard(),
                RoundTask.score(lease, told.get().turn().feed(), order.shard(), told.get().down()),
                new byte[0]);
    lease.sound(true);
    SideChannel.consult(desk, delivery);
  }

  private static Roster.Delivery part(
      ReplicaStore.Lease lease, Turn.OfRound round, Parameters down, int shard) {
    ShardWorker.Part part = RoundTask.part(lease, round.call(), shard, own(lease, down));
    byte[] vector =
        part.vector().map(values -> lease.plan().codec().encode(values)).orElse(new byte[0]);
    return new Roster.Delivery(round.number(), shard, part.report(), vector);
  }

  /** Parameters that the shard may change; the shared ones themselves if it does not. */
  private static List<Parameters> own(ReplicaStore.Lease lease, Parameters down) {
    if (lease.plan().mode() == RoundMode.SYNCHRONOUS) {
      return List.of(down);
    }
    int sets = down.count() / lease.plan().layout().slices().size();
    List<Parameters> own = lease.worker().scratch(sets);
    Wire.join(own.get(0), own.subList(1, sets)).set(down);
    return own;
  }

  /** What a turn is about; nothing if it is over. */
  private Optional<StandingJob.Told> read(long turn) {
    try {
      Object answer = SideChannel.consult(desk, turn);
      if (answer instanceof StandingJob.Told told) {
        return Optional.of(told);
      }
      Object[] encoded = (Object[]) answer;
      return encoded.length == 0 ? Optional.empty() : Optional.of(decode(encoded));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StandingJob.Told decode(Object[] encoded) {
    byte[][] slices = (byte[][]) encoded[1];
    float[][] values = new float[slices.length][];
    for (int i = 0; i < slices.length; i++) {
      values[i] = new float[slices[i].length / Float.BYTES];
    }
    Parameters down = Parameters.of(values);
    Wire.decodeSlices(Exchange.EXACT, slices, down);
    return new StandingJob.Told(Wire.deserialize((byte[]) encoded[0], Turn.class), down);
  }
}
