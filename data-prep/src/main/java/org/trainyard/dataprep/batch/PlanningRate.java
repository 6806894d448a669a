package org.trainyard.dataprep.batch;

import java.util.Arrays;

/** How fast a planner is on one core, and how its time grows with the number of examples. */
record PlanningRate(double examplesPerSecond, double tenfoldTime) {
  private static final int RUNS = 7;

  /**
   * Measures: medians of several runs after as many that only warm up.
   *
   * @param lengths the case; a tenth of it is planned too
   */
  static PlanningRate of(int[] lengths, BatchPlanner planner) {
    int[] tenth = Arrays.copyOf(lengths, lengths.length / 10);
    medianSeconds(tenth, planner);
    double few = medianSeconds(tenth, planner);
    double many = medianSeconds(lengths, planner);
    return new PlanningRate(lengths.length / many, many / few);
  }

  private static double medianSeconds(int[] lengths, BatchPlanner planner) {
    double[] seconds = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      LocalPlanning.plan(lengths, planner);
      seconds[run] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[RUNS / 2];
  }
}
