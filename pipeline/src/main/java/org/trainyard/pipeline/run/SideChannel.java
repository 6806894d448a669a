package org.trainyard.pipeline.run;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * The one way by which executors and driver talk outside Spark's jobs: counters for live progress,
 * and desks on the driver that answer questions, such as shared limits that hand out permits.
 * Counters count retried work again, so nothing that is recorded comes from them.
 */
public final class SideChannel implements SparkPlugin {
  private static final Map<String, LongAdder> COUNTERS = new ConcurrentHashMap<>();
  private static final Map<String, Desk> DESKS = new ConcurrentHashMap<>();
  private static volatile PluginContext executor;
  private static volatile boolean open;

  private sealed interface Message extends Serializable {}

  private record Count(String counter, long by) implements Message {}

  private record Ask(String desk, Serializable question) implements Message {}

  /**
   * Answers what executors ask, on the driver. All desks share one thread, so an answer must be at
   * hand: an executor that has to wait asks again.
   */
  @FunctionalInterface
  public interface Desk {
    /**
     * @param question in local mode the very object that was asked with
     * @return of classes of the JDK only, unless Spark runs in one JVM: an executor reads answers
     *     before it knows the application's classes
     */
    Object answer(Object question);
  }

  /** Whether there is a channel in this application, on the driver. */
  public static boolean isOpen() {
    return open;
  }

  /** Opens a desk, on the driver. */
  public static void open(String name, Desk desk) {
    DESKS.put(name, desk);
  }

  /** Closes a desk, on the driver. */
  public static void close(String name) {
    DESKS.remove(name);
  }

  /** Asks a desk on the driver, from an executor, and waits for the answer. */
  public static Object consult(String desk, Serializable question) throws IOException {
    PluginContext context = executor;
    if (context == null) {
      throw new IOException(
          "The side channel is not there: set spark.plugins=" + SideChannel.class.getName());
    }
    try {
      return context.ask(new Ask(desk, question));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot reach the driver for " + desk, e);
    }
  }

  /** Adds to a counter, from an executor; lost without harm if the channel is not there. */
  public static void count(String counter, long by) {
    PluginContext context = executor;
    if (context != null) {
      try {
        context.send(new Count(counter, by));
      } catch (IOException e) {
        // Progress only: the work itself must not fail for it.
      }
    }
  }

  /** What a counter has come to, on the driver. */
  public static long counted(String counter) {
    LongAdder adder = COUNTERS.get(counter);
    return adder == null ? 0 : adder.sum();
  }

  /** Sets a limit that all executors share, on the driver. */
  public static void limit(String name, SharedLimit limit) {
    open(name, permits -> limit.take((Long) permits, System.nanoTime()));
  }

  /**
   * Asks for permits of a shared limit, from an executor.
   *
   * @return milliseconds to wait before using them; empty if the limit is used up for good
   */
  public static Optional<Long> ask(String limit, long permits) throws IOException {
    long wait = (Long) consult(limit, permits);
    return wait < 0 ? Optional.empty() : Optional.of(wait);
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        COUNTERS.clear();
        DESKS.clear();
        open = true;
        return new TreeMap<>();
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof Count count) {
          COUNTERS.computeIfAbsent(count.counter(), name -> new LongAdder()).add(count.by());
          return null;
        }
        Ask ask = (Ask) message;
        Desk desk = DESKS.get(ask.desk());
        if (desk == null) {
          throw new IllegalArgumentException("Nobody on the driver answers for " + ask.desk());
        }
        return desk.answer(ask.question());
      }

      @Override
      public void shutdown() {
        open = false;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extra) {
        executor = context;
      }

      @Override
      public void shutdown() {
        executor = null;
      }
    };
  }
}
