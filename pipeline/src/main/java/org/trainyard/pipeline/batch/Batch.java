package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a training step eats: named tensors that share their first dimension, and who the examples
 * are. Tokens are one layout of it; images, features, pairs and soft targets are others.
 *
 * <p>By convention {@code input} and {@code target} are what their names say, {@code mask} (UINT8,
 * {@code [r, t]}) is 1 where a unit is real and 0 where it is padding, and {@code bytes} (INT32,
 * {@code [n]}) is how many bytes of raw data an example stands for.
 *
 * <p>A row holds one example (r = n), unless the batch is packed: then {@code segment} (INT32,
 * {@code [r, t]}) says for each unit which example of its row it belongs to, 1, 2, … from the left
 * and 0 at padding, and {@code position} (INT32, {@code [r, t]}) its place in that example, from 0.
 * Examples are numbered by row, then segment. {@link Segments} makes attention masks of it.
 *
 * @param exampleIds stable identity of each example, shape [n]
 * @param groupIds examples of one group are never split, shape [n]; equal to the id if there are no
 *     groups
 * @param weights how much each example counts, shape [n], at least 0; usually 1
 * @param tensors the fields; each has n examples, or if the batch is packed r rows or n examples
 * @param shared fields that examples have in common and refer to by index, such as the nodes around
 *     them in a graph; of any first dimension, and whole in every slice
 */
public record Batch(
    long[] exampleIds, long[] groupIds, float[] weights, List<Tensor> tensors, List<Tensor> shared)
    implements Serializable {
  /** Field of what the model sees. */
  public static final String INPUT = "input";

  /** Field of what it should say. */
  public static final String TARGET = "target";

  /** Field that tells real units from padding. */
  public static final String MASK = "mask";

  /** Field of raw bytes per example. */
  public static final String BYTES = "bytes";

  /** Field that tells the examples of a packed row apart. */
  public static final String SEGMENT = "segment";

  /** Field of each unit's place in its example, in packed rows. */
  public static final String POSITION = "position";

  /** Checks that all fields have the same number of examples, or of rows if packed. */
  public Batch {
    tensors = List.copyOf(tensors);
    shared = List.copyOf(shared);
    int n = exampleIds.length;
    Optional<Tensor> segment = find(tensors, SEGMENT);
    int rows = segment.map(Tensor::examples).orElse(n);
    if (groupIds.length != n
        || weights.length != n
        || tensors.stream().anyMatch(field -> field.examples() != n && field.examples() != rows)
        || segment.stream().anyMatch(field -> Segments.starts(field)[rows] != n)) {
      throw new IllegalArgumentException(
          "A batch of %d examples cannot hold %s".formatted(n, tensors));
    }
  }

  /** A batch whose examples share no field. */
  public Batch(long[] exampleIds, long[] groupIds, float[] weights, List<Tensor> tensors) {
    this(exampleIds, groupIds, weights, tensors, List.of());
  }

  /** A batch without groups, every example with weight 1. */
  public static Batch of(long[] exampleIds, Tensor... tensors) {
    float[] ones = new float[exampleIds.length];
    Arrays.fill(ones, 1);
    return new Batch(exampleIds, exampleIds, ones, List.of(tensors));
  }

  private static Optional<Tensor> find(List<Tensor> tensors, String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /** Number of examples. */
  public int size() {
    return exampleIds.length;
  }

  /** Number of rows: that of the examples, unless they are packed. */
  public int rows() {
    return packed() ? tensor(SEGMENT).examples() : size();
  }

  /** Whether a row may hold several examples. */
  public boolean packed() {
    return has(SEGMENT);
  }

  /** Whether there is a field of this name. */
  public boolean has(String name) {
    return find(tensors, name).or(() -> find(shared, name)).isPresent();
  }

  /** The field of this name. */
  public Tensor tensor(String name) {
    return find(tensors, name)
        .or(() -> find(shared, name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "A batch has no field '%s'; it has %s and %s"
                        .formatted(name, tensors, shared)));
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

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), padded as before. */
  public Batch slice(int from, int to) {
    int[] starts = packed() ? Segments.starts(tensor(SEGMENT)) : new int[0];
    int first = packed() ? starts[from] : from;
    int end = packed() ? starts[to] : to;
    int rows = rows();
    return new Batch(
        Arrays.copyOfRange(exampleIds, first, end),
        Arrays.copyOfRange(groupIds, first, end),
        Arrays.copyOfRange(weights, first, end),
        tensors.stream()
            .map(
                field -> field.examples() == rows ? field.slice(from, to) : field.slice(first, end))
            .toList(),
        shared);
  }
}
