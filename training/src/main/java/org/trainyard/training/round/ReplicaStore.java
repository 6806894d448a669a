package org.trainyard.training.round;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.engine.Device;

/**
 * What stays alive in one JVM between the rounds of a run: its plan, replicas and open feeds. Each
 * is leased to one task attempt; an attempt that finds none free opens its own.
 *
 * <p>A run is closed at its end. Where that does not reach (a lost driver, an executor that was cut
 * off), what nobody leased for some minutes is closed by itself: nothing is lost, as it can be
 * opened again at any time.
 */
final class ReplicaStore {
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final ReplicaStore HERE = new ReplicaStore();
  private static boolean swept;

  private final Map<String, Run> runs = new HashMap<>();

  ReplicaStore() {}

  /** The store of this JVM. */
  static ReplicaStore here() {
    startSweeping();
    return HERE;
  }

  private static synchronized void startSweeping() {
    if (swept) {
      return;
    }
    swept = true;
    ScheduledThreadPoolExecutor sweeper =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "replica-sweeper");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        sweeper.scheduleWithFixedDelay(
            () -> HERE.closeIdle(IDLE, System.nanoTime()), 1, 1, TimeUnit.MINUTES);
  }

  private static final class Run {
    private Plan plan;
    private final Map<Device, Deque<ShardWorker>> free = new HashMap<>();
    private final Map<CursorKey, OpenCursor> cursors = new HashMap<>();
    private final Object turn = new Object();
    private Optional<StandingJob.Told> told = Optional.empty();
    private int leases;
    private boolean closed;
    private long lastUsed;
  }

  private record CursorKey(String feed, int shard) {}

  private record OpenCursor(long epoch, long next, Feed.Cursor cursor) {}

  /** One attempt's hold on a replica. */
  final class Lease implements AutoCloseable {
    private final Run run;
    private final Device device;
    private final Plan plan;
    private final ShardWorker worker;
    private boolean sound;

    private Lease(Run run, Device device, Plan plan, ShardWorker worker) {
      this.run = run;
      this.device = device;
      this.plan = plan;
      this.worker = worker;
    }

    /** What is trained. */
    Plan plan() {
      return plan;
    }

    /** The leased replica. */
    ShardWorker worker() {
      return worker;
    }

    /**
     * What a turn is about.
     *
     * @param read reads it; asked once in a JVM
     * @return nothing if the turn is over
     */
    Optional<StandingJob.Told> told(long turn, Supplier<Optional<StandingJob.Told>> read) {
      synchronized (run.turn) {
        if (run.told.isEmpty() || run.told.get().turn().number() != turn) {
          run.told = read.get();
        }
        return run.told;
      }
    }

    /** A feed at a position; the one left there by an earlier round, if it is here. */
    Feed.Cursor cursor(String feed, int shard, long epoch, long from) {
      Optional<OpenCursor> left;
      synchronized (ReplicaStore.this) {
        left = Optional.ofNullable(run.cursors.remove(new CursorKey(feed, shard)));
      }
      if (left.isPresent()) {
        if (left.get().epoch() == epoch && left.get().next() == from) {
          return left.get().cursor();
        }
        left.get().cursor().close();
      }
      return plan.feeds().get(feed).open(shard, epoch, from);
    }

    /** Leaves a feed open for the next round. */
    void keep(String feed, int shard, long epoch, long next, Feed.Cursor cursor) {
      Optional<OpenCursor> before = Optional.empty();
      boolean closed;
      synchronized (ReplicaStore.this) {
        closed = run.closed;
        if (!closed) {
          before =
              Optional.ofNullable(
                  run.cursors.put(new CursorKey(feed, shard), new OpenCursor(epoch, next, cursor)));
        }
      }
      if (closed) {
        cursor.close();
      }
      before.ifPresent(other -> other.cursor().close());
    }

    /** Says whether the replica can serve again: not while it works, as it may fail half-way. */
    void sound(boolean sound) {
      this.sound = sound;
    }

    @Override
    public void close() {
      boolean keep;
      synchronized (ReplicaStore.this) {
        run.leases--;
        run.lastUsed = System.nanoTime();
        keep = sound && !run.closed;
        if (keep) {
          run.free.computeIfAbsent(device, d -> new ArrayDeque<>()).push(worker);
        }
      }
      if (!keep) {
        worker.close();
      }
    }
  }

  /**
   * The plan of a run.
   *
   * @param read reads it; asked once in a JVM
   */
  synchronized Plan plan(String id, Supplier<Plan> read) {
    Run run = runs.computeIfAbsent(id, key -> new Run());
    if (run.plan == null) {
      run.plan = read.get();
    }
    run.lastUsed = System.nanoTime();
    return run.plan;
  }

  /**
   * Leases a replica, opening one if none is free.
   *
   * @param id of the run
   * @param read reads the plan; asked once in a JVM
   */
  Lease lease(String id, Device device, Supplier<Plan> read) {
    Run run;
    Plan plan;
    Optional<ShardWorker> free;
    synchronized (this) {
      plan = plan(id, read);
      run = runs.get(id);
      run.leases++;
      free = Optional.ofNullable(run.free.computeIfAbsent(device, d -> new ArrayDeque<>()).poll());
    }
    try {
      ShardWorker worker =
          free.isPresent() ? free.get() : new ShardWorker(plan, plan.opener().open(device));
      return new Lease(run, device, plan, worker);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        run.leases--;
      }
      throw e;
    }
  }

  /** Closes all that is free of a run; what is leased follows when it is given back. */
  void close(String id) {
    Optional<Run> run;
    synchronized (this) {
      run = Optional.ofNullable(runs.remove(id));
      run.ifPresent(found -> found.closed = true);
    }
    run.ifPresent(ReplicaStore::closeFree);
  }

  /** Closes runs that nobody used for a time. */
  void closeIdle(Duration idle, long now) {
    List<Run> idleRuns = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Run> all = runs.values().iterator(); all.hasNext(); ) {
        Run run = all.next();
        if (run.leases == 0 && now - run.lastUsed > idle.toNanos()) {
          run.closed = true;
          idleRuns.add(run);
          all.remove();
        }
      }
    }
    idleRuns.forEach(ReplicaStore::closeFree);
  }

  private static void closeFree(Run run) {
    run.free.values().forEach(workers -> workers.forEach(ShardWorker::close));
    run.cursors.values().forEach(open -> open.cursor().close());
  }

  /** Replicas and feeds that are open and free, of all runs. */
  synchronized int open() {
    return runs.values().stream()
        .mapToInt(
            run -> run.cursors.size() + run.free.values().stream().mapToInt(Deque::size).sum())
        .sum();
  }
}
