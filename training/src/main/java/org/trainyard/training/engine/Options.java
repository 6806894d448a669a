package org.trainyard.training.engine;

import java.io.Serializable;

/**
 * How a replica is opened.
 *
 * @param seed of the first parameters: equal seeds give bit-equal parameters
 * @param threads of native code per replica, at least 1; results may differ in the last bit between
 *     numbers of threads
 * @param memoryLimitBytes off-heap limit; 0 for none
 */
public record Options(long seed, int threads, long memoryLimitBytes) implements Serializable {
  /** One thread and no limit. */
  public static Options seeded(long seed) {
    return new Options(seed, 1, 0);
  }
}
