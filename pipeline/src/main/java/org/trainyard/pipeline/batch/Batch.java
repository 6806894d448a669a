package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What a training step eats: named tensors that share their first dimension, and who the examples
 * are. Tokens are one layout of it; images, features, pairs and soft targets are others.
 *
 * <p>By convention {@code input} and {@code target} are what their names say, {@code mask} (UINT8,
 * {@code [n, t]}) is 1 where a unit is real and 0 where it is padding, and {@code bytes} (INT32,
 * {@code [n]}) is how many bytes of raw data an example stands for.
 *
 * @param exampleIds stable identity of each example, shape [n]
 * @param groupIds examples of one group are never split, shape [n]; equal to the id if there are no
 *     groups
 * @param weights how much each example counts, shape [n], at least 0; usually 1
 * @param tensors the fields; each has n examples
 */
public record Batch(long[] exampleIds, long[] groupIds, float[] weights, List<Tensor> tensors)
    implements Serializable {
  /** Field of what the model sees. */
  public static final String INPUT = "input";

  /** Field of what it should say. */
  public static final String TARGET = "target";

  /** Field that tells real units from padding. */
  public static final String MASK = "mask";

  /** Field of raw bytes per example. */
  public static final String BYTES = "bytes";

  /** Checks that all fields have the same number of examples. */
  public Batch {
    tensors = List.copyOf(tensors);
    int n = exampleIds.length;
    if (groupIds.length != n
        || weights.length != n
        || tensors.stream().anyMatch(tensor -> tensor.examples() != n)) {
      throw new IllegalArgumentException(
          "A batch of %d examples cannot hold %s".formatted(n, tensors));
    }
  }

  /** A batch without groups, every example with weight 1. */
  public static Batch of(long[] exampleIds, Tensor... tensors) {
    float[] ones = new float[exampleIds.length];
    Arrays.fill(ones, 1);
    return new Batch(exampleIds, exampleIds, ones, List.of(tensors));
  }

  /** Number of examples. */
  public int size() {
    return exampleIds.length;
  }

  /** Whether there is a field of this name. */
  public boolean has(String name) {
    return tensors.stream().anyMatch(tensor -> tensor.name().equals(name));
  }

  /** The field of this name. */
  public Tensor tensor(String name) {
    return tensors.stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "A batch has no field '%s'; it has %s".formatted(name, tensors)));
  }

  /** Units (tokens, frames) that carry data; examples if there is no mask. */
  public long realUnits() {
    if (!has(MASK)) {
      return size();
    }
    long real = 0;
    for (ByteBuffer mask = tensor(MASK).unsignedBytes(); mask.hasRemaining(); ) {
      real += mask.get();
    }
    return real;
  }

  /** Units that are computed, padding included; examples if there is no mask. */
  public long paddedUnits() {
    return has(MASK) ? tensor(MASK).elements() : size();
  }

  /** Examples {@code from} (inclusive) to {@code to} (exclusive), padded as before. */
  public Batch slice(int from, int to) {
    return new Batch(
        Arrays.copyOfRange(exampleIds, from, to),
        Arrays.copyOfRange(groupIds, from, to),
        Arrays.copyOfRange(weights, from, to),
        tensors.stream().map(tensor -> tensor.slice(from, to)).toList());
  }
}
