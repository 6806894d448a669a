package org.trainyard.dataprep.batch;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.batch.Tensor;

/** How the examples of a batch become tensors. Works on executors. */
public interface BatchKind extends Serializable {

  /**
   * Columns of the token table that {@link #tensors} reads. With {@code tokens} among them the
   * table must say its vocabulary, with {@code label} the names of its labels.
   */
  StructType reads();

  /**
   * Bytes of tensors for each padded unit, about: decides how many batches are kept together.
   *
   * @param packed as in {@link Frame}
   */
  int bytesPerUnit(boolean packed);

  /** Whether it can lay several examples into one row. */
  default boolean packs() {
    return false;
  }

  /**
   * Fills the tensors.
   *
   * @param frame the shape
   * @param examples what goes where, in order of row, then offset
   */
  List<Tensor> tensors(Frame frame, List<Placed> examples);

  /**
   * The shape of a batch.
   *
   * @param rows number of rows
   * @param packed whether a row may hold several examples: then the fields {@code segment} and
   *     {@code position} must tell them apart
   * @param first padded units of the first dimension
   * @param second padded units of the second dimension; 0 if there is none
   * @param begin id that stands before an example
   * @param pad id that fills up
   */
  record Frame(int rows, boolean packed, int first, int second, int begin, int pad) {}

  /**
   * An example and its place.
   *
   * @param columns its row, with the columns of {@link #reads}
   * @param row of the batch
   * @param offset of its first unit in the row
   * @param from first unit of the first dimension to take; 0 unless it is a later piece of an
   *     example that was split
   * @param units of the first dimension to take; fewer than there are if it was truncated or split
   * @param bytes of raw data that these stand for
   */
  record Placed(Row columns, int row, int offset, int from, int units, int bytes) {}
}
