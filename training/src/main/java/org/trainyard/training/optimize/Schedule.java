package org.trainyard.training.optimize;

import java.io.Serializable;

/** The learning rate over the course of a run, by units (tokens, examples) seen: not by steps. */
public interface Schedule extends Serializable {

  /**
   * The factor on the rule's base rate.
   *
   * @param seen real units seen before this step
   * @param total real units of the whole run
   * @return usually 0 to 1
   */
  double factor(long seen, long total);
}
