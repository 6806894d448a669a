package org.trainyard.dataprep.batch.kernel;

/** Takes the batches that a planner makes, one after the other. */
public interface BatchSink {

  /**
   * Puts an example into the open batch.
   *
   * @param example index of the example
   * @param row of the batch, from 0; rows begin in order
   * @param offset of its first unit in the row; 0 unless several examples share a row
   */
  void place(int example, int row, int offset);

  /**
   * Closes the open batch.
   *
   * @param rows number of rows
   * @param first padded units of the first dimension
   * @param second padded units of the second dimension; 0 if there is none
   */
  void close(int rows, int first, int second);
}
