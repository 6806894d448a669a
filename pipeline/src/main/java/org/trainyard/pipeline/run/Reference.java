package org.trainyard.pipeline.run;

/**
 * What an input is connected to: an output of an earlier step.
 *
 * @param step id of the step
 * @param output name of its output
 */
public record Reference(String step, String output) {
  @Override
  public String toString() {
    return step + "." + output;
  }
}
