package org.trainyard.training.round;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.TaskCompletionListener;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Parameters;

/** What one task does: the shards given to it, one after the other, on one leased replica. */
final class RoundTask implements Serializable {
  private static final long serialVersionUID = 1;
  private final String run;
  private final Broadcast<byte[]> plan;
  private final Broadcast<byte[][]> down;

  /**
   * @param plan the serialised {@link Plan}
   * @param down parameters, and the rule's state if it is exchanged, slice by slice
   */
  RoundTask(String run, Broadcast<byte[]> plan, Broadcast<byte[][]> down) {
    this.run = run;
    this.plan = plan;
    this.down = down;
  }

  /** What a shard's turn on a leased replica gives. */
  @FunctionalInterface
  private interface Turn<T> {
    T take(ReplicaStore.Lease lease, int shard, List<Parameters> sets);
  }

  /** A scored shard. */
  record ShardScore(int shard, Score score) implements Serializable {}

  /**
   * Each shard's part of a round, made when it is asked for. Its vector is scratch memory: it must
   * be used before the next part is asked for.
   */
  Iterator<ShardWorker.Part> parts(RoundCall call, Iterator<Integer> shards) {
    return turns(shards, (lease, shard, sets) -> part(lease, call, shard, sets));
  }

  /** The score of each shard of a feed, over its whole first epoch. */
  Iterator<ShardScore> scores(String feed, Iterator<Integer> shards) {
    return turns(
        shards,
        (lease, shard, sets) -> new ShardScore(shard, score(lease, feed, shard, sets.get(0))));
  }

  /** The score of one shard. */
  static Score score(ReplicaStore.Lease lease, String feed, int shard, Parameters parameters) {
    try (Feed.Cursor cursor = lease.plan().feeds().get(feed).open(shard, 0, 0)) {
      return lease.worker().score(parameters, cursor);
    }
  }

  /** What is trained; read once in a JVM. */
  Plan plan() {
    return ReplicaStore.here().plan(run, () -> read(plan));
  }

  private static Plan read(Broadcast<byte[]> plan) {
    return Wire.deserialize(plan.value(), Plan.class);
  }

  /** Leases a replica until the end of the task that asks. */
  static ReplicaStore.Lease lease(String run, Broadcast<byte[]> plan) {
    ReplicaStore.Lease lease = ReplicaStore.here().lease(run, device(), () -> read(plan));
    TaskCompletionListener giveBack = context -> lease.close();
    TaskContext.get().addTaskCompletionListener(giveBack);
    return lease;
  }

  private <T> Iterator<T> turns(Iterator<Integer> shards, Turn<T> turn) {
    ReplicaStore.Lease lease = lease(run, plan);
    byte[][] encoded = down.value();
    int sets = encoded.length / lease.plan().layout().slices().size();
    List<Parameters> scratch = lease.worker().scratch(sets);
    Parameters joined = Wire.join(scratch.get(0), scratch.subList(1, sets));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return shards.hasNext();
      }

      @Override
      public T next() {
        lease.sound(false);
        Wire.decodeSlices(Exchange.EXACT, encoded, joined);
        T result = turn.take(lease, shards.next(), scratch);
        lease.sound(true);
        return result;
      }
    };
  }

  /**
   * A shard's part of a round.
   *
   * @param sets parameters, and the rule's state if it is exchanged; local steps change them
   */
  static ShardWorker.Part part(
      ReplicaStore.Lease lease, RoundCall call, int shard, List<Parameters> sets) {
    Plan plan = lease.plan();
    long from = call.next()[shard];
    Waiting cursor = Waiting.open(() -> lease.cursor(Plan.TRAINING, shard, call.epoch(), from));
    ShardWorker.Part part;
    try {
      part =
          plan.mode() == RoundMode.SYNCHRONOUS
              ? lease.worker().gradient(call, shard, sets.get(0), cursor)
              : lease.worker().steps(call, shard, sets.get(0), state(plan, sets), cursor);
    } catch (RuntimeException | Error e) {
      cursor.close();
      throw e;
    }
    long next = from + part.report().batches();
    if (next < plan.feed().batches(shard, call.epoch())) {
      lease.keep(Plan.TRAINING, shard, call.epoch(), next, cursor.feed());
    } else {
      cursor.close();
    }
    return part.timed(cursor.waited(), cursor.seconds());
  }

  private static List<Parameters> state(Plan plan, List<Parameters> sets) {
    return plan.exchangesState()
        ? sets.subList(1, sets.size())
        : plan.rule().freshState(plan.layout());
  }

  private static Device device() {
    Map<String, ResourceInformation> granted = TaskContext.get().resourcesJMap();
    return granted.containsKey("gpu")
        ? new Device(Device.Kind.GPU, granted.get("gpu").addresses()[0])
        : Device.CPU;
  }
}
