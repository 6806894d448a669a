package org.trainyard.training.dl4j;

/**
 * What the present pass of a network runs over; its layers share one. Sequences lie one after the
 * other: row {@code sequence · steps + step}. A sequence is one example, or several side by side if
 * the batch is packed.
 */
final class Frame {
  private static final byte[] NO_PADDING = {};

  private int sequences;
  private int steps;
  private byte[] mask = NO_PADDING;
  private int[] segments = {};
  private int[] firstExamples = {};
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
   * @param sequences number of sequences, or of examples that are no sequences
   * @param steps units of a sequence; 1 if it is none
   * @param mask 1 where a unit is real, shape [sequences, steps]; empty if all are
   * @param segments which example of its sequence a unit belongs to, from 1, shape [sequences,
   *     steps]; empty if each sequence is one example
   * @param firstExamples number of the first example of each sequence, shape [sequences]; empty if
   *     each is one
   * @param ids token ids, shape [sequences, steps]; empty if the input is no tokens
   * @param targets ids or classes, shape [sequences, steps] or [sequences]; empty if not known
   * @param values targets that are numbers, shape [examples, values]; empty if there are none
   * @param weights of the examples, shape [examples]
   * @param training whether dropout is on
   * @param seed of this pass
   */
  void start(
      int sequences,
      int steps,
      byte[] mask,
      int[] segments,
      int[] firstExamples,
      int[] ids,
      int[] targets,
      float[] values,
      float[] weights,
      boolean training,
      long seed) {
    this.sequences = sequences;
    this.steps = steps;
    this.mask = full(mask) ? NO_PADDING : mask;
    this.segments = segments;
    this.firstExamples = firstExamples;
    this.ids = ids;
    this.targets = targets;
    this.values = values;
    this.weights = weights;
    this.training = training;
    this.seed = seed;
  }

  /** Number of sequences, or of examples that are no sequences. */
  int sequences() {
    return sequences;
  }

  /** Number of examples. */
  int examples() {
    return weights.length;
  }

  int steps() {
    return steps;
  }

  /** Number of rows of a sequence. */
  int units() {
    return Math.multiplyExact(sequences, steps);
  }

  /** Whether there is no padding. */
  boolean full() {
    return mask.length == 0;
  }

  /** Whether the unit of this row is no padding. */
  boolean real(int row) {
    return mask.length == 0 || mask[row] != 0;
  }

  /** Whether a sequence may hold several examples. */
  boolean packed() {
    return segments.length > 0;
  }

  /** Whether the unit of this row is the first of an example, but not of its sequence. */
  boolean begins(int row) {
    return packed() && row % steps > 0 && segments[row] != segments[row - 1];
  }

  /** Example of a row of sequences; the row is no padding. */
  int example(int row) {
    return packed() ? firstExamples[row / steps] + segments[row] - 1 : row / steps;
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
    return values.length / Math.max(weights.length, 1);
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
