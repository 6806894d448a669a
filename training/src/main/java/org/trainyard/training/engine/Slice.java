package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One named array of parameters.
 *
 * @param name unique in the model, such as {@code lstm-0.recurrent-weight}
 * @param offset of its first element in the flat vector of all parameters
 * @param shape its dimensions, row-major
 * @param kind what it is: rules treat weights and biases differently
 * @param group the layer it belongs to; groups can be frozen or given their own rate
 */
public record Slice(String name, long offset, int[] shape, Kind kind, String group)
    implements Serializable {

  /** What a slice holds. */
  public enum Kind {
    /** A matrix, kernel or embedding table: decayed. */
    WEIGHT,
    /** A bias: not decayed. */
    BIAS,
    /** The gain of a normalisation layer: not decayed. */
    NORM_SCALE,
    /** A running mean or variance: no rule touches it, the round loop combines it from moments. */
    RUNNING_STATISTIC
  }

  /** Whether weights decay here, and rules that go by layer take a rate of its own for it. */
  public boolean decayed() {
    return kind == Kind.WEIGHT;
  }

  /** Number of elements. */
  public int length() {
    int length = 1;
    for (int dimension : shape) {
      length = Math.multiplyExact(length, dimension);
    }
    return length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slice that
        && name.equals(that.name)
        && offset == that.offset
        && Arrays.equals(shape, that.shape)
        && kind == that.kind
        && group.equals(that.group);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
