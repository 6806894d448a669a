package org.trainyard.pipeline.batch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A named dense array. The first dimension is the example, so a batch can be sliced. Its bytes are
 * not copied: they may be part of a larger memory, such as a page of a file, so that an engine
 * copies them once, to where it computes.
 */
public final class Tensor implements Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final Type type;
  private final int[] shape;
  private final transient ByteBuffer values;

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

  /**
   * A tensor of an array.
   *
   * @param name the field it belongs to, such as {@code input}, {@code target} or {@code mask}
   * @param type what an element is
   * @param shape {@code [n, …]}, all at least 0
   * @param bytes elements in row-major order, little-endian; not copied
   */
  public Tensor(String name, Type type, int[] shape, byte[] bytes) {
    this(name, type, shape, ByteBuffer.wrap(bytes));
  }

  /**
   * A tensor of the bytes between a buffer's position and limit.
   *
   * @param bytes elements in row-major order, little-endian; not copied
   */
  public Tensor(String name, Type type, int[] shape, ByteBuffer bytes) {
    long elements = 1;
    for (int dimension : shape) {
      elements *= dimension;
    }
    if (shape.length == 0 || elements * type.bytes() != bytes.remaining()) {
      throw new IllegalArgumentException(
          "Tensor '%s' of %s %s cannot have %d bytes"
              .formatted(name, type, Arrays.toString(shape), bytes.remaining()));
    }
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.values = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A tensor of 32-bit integers. */
  public static Tensor ofInts(String name, int[] shape, int[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asIntBuffer().put(values);
    return new Tensor(name, Type.INT32, shape, buffer);
  }

  /** A tensor of singles. */
  public static Tensor ofFloats(String name, int[] shape, float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return new Tensor(name, Type.FLOAT32, shape, buffer);
  }

  /** A tensor of unsigned bytes. */
  public static Tensor ofBytes(String name, int[] shape, byte[] values) {
    return new Tensor(name, Type.UINT8, shape, values);
  }

  /** The field it belongs to. */
  public String name() {
    return name;
  }

  /** What an element is. */
  public Type type() {
    return type;
  }

  /** {@code [n, …]}; not copied. */
  public int[] shape() {
    return shape;
  }

  /** Number of examples. */
  public int examples() {
    return shape[0];
  }

  /** Number of elements. */
  public int elements() {
    return size() / type.bytes();
  }

  /** Number of bytes. */
  public int size() {
    return values.capacity();
  }

  /**
   * Elements in row-major order, little-endian: the array that the tensor was made of, or a copy if
   * it is part of a larger memory.
   */
  public byte[] bytes() {
    if (values.hasArray() && values.arrayOffset() == 0 && values.array().length == size()) {
      return values.array();
    }
    byte[] copy = new byte[size()];
    values.get(0, copy);
    return copy;
  }

  /** View of a UINT8 tensor. */
  public ByteBuffer unsignedBytes() {
    return view(Type.UINT8);
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
    return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Examples {@code from} (inclusive) to {@code to} (exclusive); shares the bytes. */
  public Tensor slice(int from, int to) {
    int stride = shape[0] == 0 ? 0 : size() / shape[0];
    int[] part = shape.clone();
    part[0] = to - from;
    return new Tensor(name, type, part, values.slice(from * stride, (to - from) * stride));
  }

  /** What travels: its own bytes and not the memory that they are part of. */
  private record Alone(String name, Type type, int[] shape, byte[] bytes) implements Serializable {
    private Object readResolve() {
      return new Tensor(name, type, shape, bytes);
    }
  }

  private Object writeReplace() {
    return new Alone(name, type, shape, bytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + values.hashCode();
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
