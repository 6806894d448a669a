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
 * and shared limits that hand out permits. Counters count retried work again, so nothing that is
 * recorded comes from them.
 */
public final class SideChannel implements SparkPlugin {
  private static final Map<String, LongAdder> COUNTERS = new ConcurrentHashMap<>();
  private static final Map<String, SharedLimit> LIMITS = new ConcurrentHashMap<>();
  private static volatile PluginContext executor;

  private sealed interface Message extends Serializable {}

  private record Count(String counter, long by) implements Message {}

  private record Ask(String limit, long permits) implements Message {}

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
    LIMITS.put(name, limit);
  }

  /**
   * Asks for permits of a shared limit, from an executor.
   *
   * @return milliseconds to wait before using them; empty if the limit is used up for good
   */
  public static Optional<Long> ask(String limit, long permits) throws IOException {
    PluginContext context = executor;
    if (context == null) {
      throw new IOException(
          "The side channel is not there: set spark.plugins=" + SideChannel.class.getName());
    }
    try {
      long wait = (Long) context.ask(new Ask(limit, permits));
      return wait < 0 ? Optional.empty() : Optional.of(wait);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot reach the driver for limit " + limit, e);
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        COUNTERS.clear();
        LIMITS.clear();
        return new TreeMap<>();
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof Count count) {
          COUNTERS.computeIfAbsent(count.counter(), name -> new LongAdder()).add(count.by());
          return null;
        }
        Ask ask = (Ask) message;
        SharedLimit limit = LIMITS.get(ask.limit());
        if (limit == null) {
          throw new IllegalArgumentException("No shared limit is called " + ask.limit());
        }
        return limit.take(ask.permits(), System.nanoTime());
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
