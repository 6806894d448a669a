package org.trainyard.training.dl4j;

import org.bytedeco.javacpp.FloatPointer;

/** Memory outside the heap that a layer keeps from pass to pass. Grows, never shrinks. */
final class Scratch implements AutoCloseable {
  private FloatPointer memory = new FloatPointer();
  private long capacity;

  /**
   * A matrix in this memory; its values are whatever was there. Ends the life of the one before.
   */
  Matrix matrix(int rows, int columns) {
    long length = (long) rows * columns;
    if (length > capacity) {
      memory.close();
      memory = new FloatPointer(length);
      capacity = length;
    }
    return Matrix.of(memory, rows, columns);
  }

  @Override
  public void close() {
    memory.close();
    memory = new FloatPointer();
    capacity = 0;
  }
}
