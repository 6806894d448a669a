package org.trainyard.training.engine;

import java.io.Serializable;

/**
 * Where a replica runs.
 *
 * @param kind processor or graphics card
 * @param address what Spark granted, such as {@code 0}; empty on a processor
 */
public record Device(Kind kind, String address) implements Serializable {
  /** The executor's own processor. */
  public static final Device CPU = new Device(Kind.CPU, "");

  /** Kinds of devices. */
  public enum Kind {
    /** Processor cores of the executor. */
    CPU,
    /** One graphics card. */
    GPU
  }
}
