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
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      root = cause;
      cluster |= cause instanceof IOException || lostCluster(cause);
    }
    return cluster
        ? new Failure(
            CLUSTER,
            "The cluster or its storage failed: %s. Run again: finished steps are kept."
                .formatted(oneLine(Storage.reason(root))))
        : new Failure(BUG, "A bug: " + oneLine(error.toString()));
  }

  private static boolean lostCluster(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    // Whatever is called next on a context that lost its master fails like this.
    boolean stopped =
        cause instanceof IllegalStateException && message.contains("stopped SparkContext");
    Set<String> signs =
        Set.of(
            "ExecutorLostFailure",
            "FetchFailed",
            "Could not find",
            "was cancelled",
            "was shut down",
            "IOException");
    return stopped
        || (cause instanceof SparkException && signs.stream().anyMatch(message::contains));
  }

  private static String oneLine(String text) {
    return String.valueOf(text).replaceAll("\\s*\\R\\s*", " ");
  }
}
