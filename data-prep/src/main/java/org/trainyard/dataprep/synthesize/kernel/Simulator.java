package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;

/**
 * A family of simulations, each a function of seed and number alone: any of them can be made again
 * anywhere. A simulation gives one sample for each of its steps: what a surrogate model is asked
 * (parameters and time) and what it should answer (the state then).
 */
public interface Simulator extends Serializable {

  /** Numbers that a surrogate is given. */
  int inputs();

  /** Numbers that it should answer. */
  int targets();

  /** Steps of a simulation, each a sample. */
  int steps();

  /**
   * Starts a simulation before its first step.
   *
   * @param number which one, from 0
   */
  Run start(long seed, long number);

  /** A simulation on its way. Used by one thread at a time. */
  interface Run {
    /**
     * Takes the next step.
     *
     * @param sample is overwritten from {@code at} on: inputs, then targets
     */
    void next(float[] sample, int at);
  }
}
