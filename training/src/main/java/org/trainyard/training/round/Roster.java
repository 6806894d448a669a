package org.trainyard.training.round;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who does which shard of the current turn: the driver's side of a standing job. Task attempts ask
 * for something to do, and hand in what they made of it.
 *
 * <p>Each task has shards of its own, the same ones in every turn, so that open feeds are found
 * again. A shard whose task has no live attempt is done by whoever is idle: as long as one attempt
 * lives, a turn comes to its end. A shard counts once, whoever hands it in first: what it brings
 * does not depend on where it is made.
 *
 * <p>Nothing here waits, but for {@link #next}.
 */
final class Roster {
  /**
   * How long tasks stay without a turn before they free their slots for the application's other
   * jobs, which may be what keeps the driver from the next turn.
   */
  static final Duration PATIENCE = Duration.ofMillis(250);

  private static final long NOBODY = -1;
  private static final long DONE = -2;

  /** By task, how many of its attempts live. */
  private final int[] living;

  private final Map<Long, Attempt> alive = new HashMap<>();
  private final Set<Long> ended = new HashSet<>();
  private final Deque<Delivery> delivered = new ArrayDeque<>();

  /** The turn that is open, or was last. */
  private long turn;

  /** By shard, the task attempt that does it, {@link #NOBODY} or {@link #DONE}. */
  private long[] holders = {};

  private int left;
  private long idleSince;
  private boolean leaving;
  private boolean troubled;

  /**
   * @param tasks of the job
   * @param now a monotonic clock, in nanoseconds
   */
  Roster(int tasks, long now) {
    this.living = new int[tasks];
    this.idleSince = now;
  }

  /**
   * One attempt at a task.
   *
   * @param task number of the task in its job
   * @param attempt number of the attempt at the task, from 0
   * @param id unique in the application
   */
  record Attempt(int task, int attempt, long id) implements Serializable {}

  /** An attempt says that it fails, so that nobody waits for it. */
  record Loss(long id) implements Serializable {}

  /** What an attempt shall do next. */
  enum Duty {
    /** Ask again a little later. */
    WAIT,
    /** Do a shard. */
    SERVE,
    /** Free the slot. */
    LEAVE
  }

  /**
   * Answer to an attempt.
   *
   * @param turn the turn that the shard is to be done for
   * @param shard what to do; -1 if nothing
   */
  record Order(Duty duty, long turn, int shard) {
    private static final Order WAIT = new Order(Duty.WAIT, 0, -1);
    private static final Order LEAVE = new Order(Duty.LEAVE, 0, -1);
  }

  /**
   * What a shard brought.
   *
   * @param turn that it was done for
   * @param result a report or score
   * @param vector as the codec wrote it; empty if it brings none
   */
  record Delivery(long turn, int shard, Serializable result, byte[] vector)
      implements Serializable {}

  /** Opens a turn; false if the tasks are leaving, and another job must be started for it. */
  synchronized boolean open(long number, int shards) {
    if (leaving) {
      return false;
    }
    if (left > 0 || number <= turn) {
      throw new IllegalStateException("Turn %d in the middle of %d".formatted(number, turn));
    }
    turn = number;
    holders = new long[shards];
    Arrays.fill(holders, NOBODY);
    left = shards;
    return true;
  }

  /** An attempt asks for something to do. */
  synchronized Order ask(Attempt who, long now) {
    if (leaving || ended.contains(who.id())) {
      return Order.LEAVE;
    }
    if (alive.put(who.id(), who) == null) {
      living[who.task()]++;
      supersede(who);
    }
    if (left == 0) {
      leaving = now - idleSince > PATIENCE.toNanos();
      return leaving ? Order.LEAVE : Order.WAIT;
    }
    int shard = shardFor(who.task());
    if (shard < 0) {
      return Order.WAIT;
    }
    holders[shard] = who.id();
    return new Order(Duty.SERVE, turn, shard);
  }

  /** A later attempt begins because the ones before failed, whether or not that was heard. */
  private void supersede(Attempt later) {
    if (later.attempt() == 0) {
      return;
    }
    troubled = true;
    for (Attempt other : alive.values()) {
      if (other.task() == later.task() && other.attempt() < later.attempt()) {
        release(other.id());
      }
    }
  }

  private void release(long id) {
    for (int shard = 0; shard < holders.length; shard++) {
      if (holders[shard] == id) {
        holders[shard] = NOBODY;
      }
    }
  }

  private int shardFor(int task) {
    int orphan = -1;
    for (int shard = 0; shard < holders.length; shard++) {
      if (holders[shard] == NOBODY) {
        int home = home(shard);
        if (home == task) {
          return shard;
        }
        if (orphan < 0 && living[home] == 0) {
          orphan = shard;
        }
      }
    }
    return orphan;
  }

  /** Neighbours go together, in parts of equal size. */
  private int home(int shard) {
    return (int) ((long) shard * living.length / holders.length);
  }

  /** An attempt hands in a shard; without effect if the shard or the turn is through already. */
  synchronized void deliver(Delivery delivery, long now) {
    int shard = delivery.shard();
    if (left == 0 || delivery.turn() != turn || holders[shard] == DONE) {
      return;
    }
    holders[shard] = DONE;
    left--;
    idleSince = now;
    delivered.add(delivery);
    notifyAll();
  }

  /** An attempt is over, well or not: whatever it held can be done by another. */
  synchronized void ended(long id) {
    Attempt gone = alive.remove(id);
    if (gone != null) {
      living[gone.task()]--;
      ended.add(id);
      troubled |= !leaving;
      release(id);
    }
  }

  /** Tells all attempts to leave as soon as they ask. */
  synchronized void leave() {
    leaving = true;
  }

  /** Whether no further turn should be opened here: an attempt failed, or tasks are leaving. */
  synchronized boolean spent() {
    return leaving || troubled;
  }

  /** Whether shards of a turn are missing. */
  synchronized boolean isOpen() {
    return left > 0;
  }

  /** Waits for a delivery of the current turn, at most so long. */
  synchronized Optional<Delivery> next(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (long wait = longest.toNanos(); delivered.isEmpty() && wait > 0; ) {
      wait(wait / 1_000_000, (int) (wait % 1_000_000));
      wait = end - System.nanoTime();
    }
    return Optional.ofNullable(delivered.poll());
  }
}
