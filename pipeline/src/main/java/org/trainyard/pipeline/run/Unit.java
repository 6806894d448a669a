package org.trainyard.pipeline.run;

import java.util.List;
import java.util.SortedMap;

/**
 * What is run and published as one: a source, a job, or a chain of fused stages.
 *
 * @param steps in order; one if it is a source or a job
 */
public record Unit(List<Step> steps) {
  /** Keeps its own copy. */
  public Unit {
    steps = List.copyOf(steps);
  }

  /** The last step: it names the unit, its folder and its outputs. */
  public Step last() {
    return steps.get(steps.size() - 1);
  }

  /** Id of the last step. */
  public String id() {
    return last().id();
  }

  /** What comes in from other units. */
  public SortedMap<String, Reference> inputs() {
    return steps.get(0).inputs();
  }

  /** All ids, as shown to people: {@code documents + clean}. */
  public String title() {
    return String.join(" + ", steps.stream().map(Step::id).toList());
  }
}
