package org.trainyard.evaluation.metric;

import java.util.List;

/**
 * What {@code evaluation.json} holds beside the metrics of the step's record.
 *
 * @param model key of the model that was scored
 * @param classes of a classifier, by number; empty for a language model
 * @param notes what was left out and why
 */
public record Evaluation(String model, List<ClassScore> classes, List<String> notes) {
  /** Name of the file. */
  public static final String FILE = "evaluation.json";

  /**
   * One class on held-out data.
   *
   * @param label its number
   * @param name of the class; its number if it has no name
   * @param actual examples of it
   * @param predicted examples taken for it
   * @param precision share of the predicted that are right
   * @param recall share of the actual that were found
   * @param f1 harmonic mean of both
   */
  public record ClassScore(
      int label,
      String name,
      long actual,
      long predicted,
      double precision,
      double recall,
      double f1) {}

  /** Keeps its own copies. */
  public Evaluation {
    classes = List.copyOf(classes);
    notes = List.copyOf(notes);
  }
}
