package org.trainyard.training.dl4j;

/**
 * What the present pass of a network runs over; its layers share one. Sequences lie example by
 * example: row {@code example · steps + step}.
 */
final class Frame {
  private static final byte[] NO_PADDING = {};

  private int examples;
  private int steps;
  private byte[] mask = NO_PADDING;
  private int[] ids = {};
  private int[] targets = {};
  private float[] values = {};
  private float[] weights = {};
  private boolean training;
  private boolean inputGradient;
  private long seed;

  /**
   * Starts a pass.
   *
   * @param steps units of an example; 1 if it is no sequence
   * @param mask 1 where a unit is real, shape [examples, steps]; empty if all are
   * @param ids token ids, shape [examples, steps]; empty if the input is no tokens
   * @param targets ids or classes, shape [examples, steps] or [examples]; empty if not known
   * @param values targets that are numbers, shape [examples, values]; empty if there are none
   * @param weights of the examples
   * @param training whether dropout is on
   * @param seed of this pass
   */
  void start(
      int examples,
      int steps,
      byte[] mask,
      int[] ids,
      int[] targets,
      float[] values,
      float[] weights,
      boolean training,
      long seed) {
    this.examples = examples;
    this.steps = steps;
    this.mask = full(mask) ? NO_PADDING : mask;
    this.ids = ids;
    this.targets = targets;
    this.values = values;
    this.weights = weights;
    this.training = training;
    this.seed = seed;
  }

  int examples() {
    return examples;
  }

  int steps() {
    return steps;
  }

  /** Number of rows of a sequence. */
  int units() {
    return Math.multiplyExact(examples, steps);
  }

  /** Whether there is no padding. */
  boolean full() {
    return mask.length == 0;
  }

  /** Whether the unit of this row is no padding. */
  boolean real(int row) {
    return mask.length == 0 || mask[row] != 0;
  }

  /** Token id of a row. */
  int id(int row) {
    return ids[row];
  }

  /** Target of a row of a sequence, or of an example. */
  int target(int row) {
    return targets[row];
  }

  /** Numbers that are the target of each example; 0 if targets are ids or classes. */
  int valuesOfExample() {
    return values.length / Math.max(examples, 1);
  }

  /** One of the numbers that are the target of an example. */
  float value(int example, int index) {
    return values[example * valuesOfExample() + index];
  }

  /** Weight of an example. */
  float weight(int example) {
    return weights[example];
  }

  /** Whether the first layer too shall give the derivative by its input. */
  boolean inputGradient() {
    return inputGradient;
  }

  void inputGradient(boolean wanted) {
    this.inputGradient = wanted;
  }

  boolean training() {
    return training;
  }

  long seed() {
    return seed;
  }

  private static boolean full(byte[] mask) {
    for (byte one : mask) {
      if (one == 0) {
        return false;
      }
    }
    return true;
  }
}
