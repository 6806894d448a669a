package org.trainyard.pipeline.run;

import java.io.IOException;
import java.util.Set;
import org.apache.spark.SparkException;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;

/**
 * What a failure means to a scheduler and to a person.
 *
 * @param exit the process's exit code
 * @param line one line: what is wrong, where, and the mend
 */
public record Failure(int exit, String line) {
  /** Done. */
  public static final int OK = 0;

  /** A bug: the stack trace is shown. */
  public static final int BUG = 1;

  /** Wrong command line. */
  public static final int USAGE = 2;

  /** Wrong settings. */
  public static final int SETTINGS = 3;

  /** Wrong data. */
  public static final int DATA = 4;

  /** The cluster or its storage failed: worth a retry. */
  public static final int CLUSTER = 5;

  /** A bar or gate was not met. */
  public static final int GATE = 6;

  /** Looks through the causes for what the product itself said. */
  public static Failure of(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException) {
        return new Failure(SETTINGS, oneLine(cause.getMessage()));
      }
      if (cause instanceof DataException) {
        return new Failure(DATA, oneLine(cause.getMessage()));
      }
      if (cause instanceof GateException) {
        return new Failure(GATE, oneLine(cause.getMessage()));
      }
      if (cause instanceof StorageException) {
        return new Failure(CLUSTER, oneLine(cause.getMessage()));
      }
    }
    return fromBelow(error);
  }

  private static Failure fromBelow(Throwable error) {
    Throwable root = error;
    boolean cluster = false;
    boolean stopped = false;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      root = cause;
      stopped |= stoppedContext(cause);
      cluster |= cause instanceof IOException || lostCluster(cause);
    }
    if (!cluster && !stopped) {
      return new Failure(BUG, "A bug: " + oneLine(error.toString()));
    }
    String reason = stopped ? "Spark lost its master, or was stopped" : Storage.reason(root);
    return new Failure(
        CLUSTER,
        "The cluster or its storage failed: %s. Run again: finished steps are kept."
            .formatted(oneLine(reason)));
  }

  /** Whatever is called on a context that has lost its master fails like this. */
  private static boolean stoppedContext(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return (cause instanceof IllegalStateException && message.contains("stopped SparkContext"))
        || (cause instanceof SparkException && message.contains("SparkContext was shut down"));
  }

  private static boolean lostCluster(Throwable cause) {
    if (!(cause instanceof SparkException) || cause.getMessage() == null) {
      return false;
    }
    Set<String> signs =
        Set.of(
            "ExecutorLostFailure", "FetchFailed", "Could not find", "was cancelled", "IOException");
    return signs.stream().anyMatch(cause.getMessage()::contains);
  }

  private static String oneLine(String text) {
    return String.valueOf(text).replaceAll("\\s*\\R\\s*", " ");
  }
}
