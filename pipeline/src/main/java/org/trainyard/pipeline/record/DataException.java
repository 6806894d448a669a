package org.trainyard.pipeline.record;

/**
 * Wrong data: a file, column or row that cannot be used. The message names it and the mend. Exit
 * code 4. Thrown on executors too, so it is serialisable.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A message of the form {@code <file or table>: <what is wrong>. <how to mend it>}. */
  public DataException(String message) {
    super(message);
  }

  /** The same with the fault underneath, for the log. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
