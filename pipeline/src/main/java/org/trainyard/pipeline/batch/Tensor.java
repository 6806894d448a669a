package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A named dense array. The first dimension is the example, so a batch can be sliced.
 *
 * @param name the field it belongs to, such as {@code input}, {@code target} or {@code mask}
 * @param type what an element is
 * @param shape {@code [n, …]}, all at least 0
 * @param bytes elements in row-major order, little-endian; not copied
 */
public record Tensor(String name, Type type, int[] shape, byte[] bytes) implements Serializable {

  /** Element types. */
  public enum Type {
    /** Unsigned byte: masks, pixels. */
    UINT8(1),
    /** Signed 32-bit integer: token ids, labels. */
    INT32(4),
    /** Signed 64-bit integer. */
    INT64(8),
    /** IEEE single. */
    FLOAT32(4);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
      return bytes;
    }
  }

  /** Checks that shape and bytes agree. */
  public Tensor {
    long elements = 1;
    for (int dimension : shape) {
      elements *= dimension;
    }
    if (shape.length == 0 || elements * type.bytes() != bytes.length) {
      throw new IllegalArgumentException(
          "Tensor '%s' of %s %s cannot have %d bytes"
              .formatted(name, type, Arrays.toString(shape), bytes.length));
    }
  }

  /** A tensor of 32-bit integers. */
  public static Tensor ofInts(String name, int[] shape, int[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asIntBuffer().put(values);
    return new Tensor(name, Type.INT32, shape, buffer.array());
  }

  /** A tensor of singles. */
  public static Tensor ofFloats(String name, int[] shape, float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return new Tensor(name, Type.FLOAT32, shape, buffer.array());
  }

  /** A tensor of unsigned bytes. */
  public static Tensor ofBytes(String name, int[] shape, byte[] values) {
    return new Tensor(name, Type.UINT8, shape, values);
  }

  /** Number of examples. */
  public int examples() {
    return shape[0];
  }

  /** Number of elements. */
  public int elements() {
    return bytes.length / type.bytes();
  }

  /** View of an INT32 tensor. */
  public IntBuffer ints() {
    return view(Type.INT32).asIntBuffer();
  }

  /** View of an INT64 tensor. */
  public LongBuffer longs() {
    return view(Type.INT64).asLongBuffer();
  }

  /** View of a FLOAT32 tensor. */
  public FloatBuffer floats() {
    return view(Type.FLOAT32).asFloatBuffer();
  }

  private ByteBuffer view(Type wanted) {
    if (type != wanted) {
      throw new IllegalStateException("Tensor '%s' is %s, not %s".formatted(name, type, wanted));
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Examples {@code from} (inclusive) to {@code to} (exclusive). */
  public Tensor slice(int from, int to) {
    int stride = shape[0] == 0 ? 0 : bytes.length / shape[0];
    int[] part = shape.clone();
    part[0] = to - from;
    return new Tensor(name, type, part, Arrays.copyOfRange(bytes, from * stride, to * stride));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
