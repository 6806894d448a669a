package org.trainyard.evaluation.claim;

import java.util.Map;

/** Runs one arm of a claim once. */
@FunctionalInterface
public interface Trial {

  /**
   * The metrics of a run.
   *
   * @param overrides the arm's settings
   * @param seed of the whole pipeline
   * @return {@code step.metric} to value
   */
  Map<String, Double> run(Map<String, String> overrides, long seed);
}
