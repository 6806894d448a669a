package org.trainyard.pipeline.record;

/** A bar or gate that the user set was not met. Exit code 6. */
public final class GateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A message that names the gate, the value reached and the bar. */
  public GateException(String message) {
    super(message);
  }
}
