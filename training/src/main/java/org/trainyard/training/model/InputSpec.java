package org.trainyard.training.model;

import java.io.Serializable;
import java.util.List;

/**
 * What a model reads.
 *
 * @param kind how the field {@code input} of a batch is laid out
 * @param shape of one example: {@code [t]} tokens (0 for any length), {@code [features]}, or {@code
 *     [channels, height, width]}
 * @param vocabulary number of token ids; 0 unless tokens
 */
public record InputSpec(Kind kind, List<Integer> shape, int vocabulary) implements Serializable {

  /** Layouts of the input field. */
  public enum Kind {
    /** INT32 ids, {@code [n, t]}. */
    TOKENS,
    /** FLOAT32, {@code [n, features]}. */
    FEATURES,
    /** UINT8 (0 to 255, scaled to 0 to 1) or FLOAT32, {@code [n, channels, height, width]}. */
    IMAGE
  }

  /** Keeps its own copy. */
  public InputSpec {
    shape = List.copyOf(shape);
  }
}
