package org.trainyard.training.dl4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A row-major matrix of singles outside the heap. Rows are moved to and from arrays in bulk; matrix
 * products are made in place by {@link Blas}.
 */
final class Matrix {
  /** Stands for an input that is no matrix. */
  static final Matrix EMPTY = Matrix.of(new FloatPointer(1), 0, 0);

  private final Object owner;
  private final FloatPointer pointer;
  private final FloatBuffer values;
  private final int rows;
  private final int columns;

  private Matrix(Object owner, FloatPointer pointer, int rows, int columns) {
    this.owner = owner;
    this.pointer = pointer;
    this.values = pointer.asBuffer();
    this.rows = rows;
    this.columns = columns;
  }

  /** The memory of a contiguous array in c order, seen as a matrix. */
  static Matrix of(INDArray array, int rows, int columns) {
    int length = Math.multiplyExact(rows, columns);
    if (array.length() != length) {
      throw new IllegalArgumentException(
          "An array of %d values is no matrix [%d, %d]".formatted(array.length(), rows, columns));
    }
    FloatPointer start = new FloatPointer(array.data().addressPointer());
    start.capacity(length);
    return new Matrix(array, start, rows, columns);
  }

  /** The first {@code rows · columns} values of a memory, seen as a matrix. */
  static Matrix of(FloatPointer memory, int rows, int columns) {
    FloatPointer start = new FloatPointer(memory);
    start.capacity(Math.multiplyExact(rows, columns));
    return new Matrix(memory, start, rows, columns);
  }

  /** Some of its rows, as a matrix that shares its memory. */
  Matrix rows(int from, int count) {
    FloatPointer start = new FloatPointer(at((long) from * columns));
    start.capacity(Math.multiplyExact(count, columns));
    return new Matrix(owner, start, count, columns);
  }

  /** Some of its values, as a matrix of one row that shares its memory. */
  Matrix piece(long from, int count) {
    FloatPointer start = new FloatPointer(at(from));
    start.capacity(count);
    return new Matrix(owner, start, 1, count);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  int length() {
    return rows * columns;
  }

  FloatPointer pointer() {
    return pointer;
  }

  /** The memory from a value on. */
  FloatPointer at(long index) {
    return pointer.getPointer(index);
  }

  /** Copies a row to an array. */
  void read(int row, float[] into, int at) {
    values.get(row * columns, into, at, columns);
  }

  /** Copies {@code count} rows to the start of an array. */
  void read(int row, int count, float[] into) {
    values.get(row * columns, into, 0, count * columns);
  }

  /** Copies some values to the same places of an array. */
  void readPiece(int from, int count, float[] into) {
    values.get(from, into, from, count);
  }

  /** Copies a row from an array. */
  void write(int row, float[] from, int at) {
    values.put(row * columns, from, at, columns);
  }

  /** Copies {@code count} rows from the start of an array. */
  void write(int row, int count, float[] from) {
    values.put(row * columns, from, 0, count * columns);
  }

  /** Copies all values. */
  void write(FloatBuffer from) {
    values.put(0, from, 0, length());
  }

  /** A copy of all values, little-endian. */
  byte[] bytes() {
    ByteBuffer copy =
        ByteBuffer.allocate(Math.multiplyExact(length(), 4)).order(ByteOrder.LITTLE_ENDIAN);
    copy.asFloatBuffer().put(values.duplicate().clear());
    return copy.array();
  }

  /** Sets one value. */
  void set(int row, int column, float value) {
    values.put(row * columns + column, value);
  }

  /** Sets all values to zero. */
  Matrix clear() {
    Pointer.memset(pointer, 0, 4L * length());
    return this;
  }
}
