package org.trainyard.pipeline.record;

/** The cluster or its storage failed: worth a retry. Exit code 5. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A message that names the path or host, what failed, and the mend. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
