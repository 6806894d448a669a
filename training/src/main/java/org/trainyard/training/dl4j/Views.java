package org.trainyard.training.dl4j;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.trainyard.training.engine.Shape;

/** Turns Deeplearning4j's arrays into matrices of rows, without a copy where memory allows. */
final class Views {
  private final Frame frame;

  Views(Frame frame) {
    this.frame = frame;
  }

  /** An array as a matrix: a row for each unit or example. */
  Matrix matrix(INDArray array, Shape shape, LayerWorkspaceMgr workspaces, ArrayType type) {
    if (shape instanceof Shape.Ids) {
      return Matrix.EMPTY;
    }
    INDArray plain = shape instanceof Shape.Sequence ? array.permute(0, 2, 1) : array;
    if (!contiguous(plain)) {
      plain = workspaces.dup(type, plain, 'c');
    }
    return Matrix.of(plain, rows(shape), columns(shape));
  }

  /**
   * Makes room for an array.
   *
   * @param memory is used where the network runs without workspaces
   */
  INDArray create(Shape shape, LayerWorkspaceMgr workspaces, ArrayType type, Scratch memory) {
    long[] form = form(shape);
    INDArray array =
        workspaces.isScopedOut(type)
            ? wrap(memory.matrix(rows(shape), columns(shape)), form)
            : workspaces.createUninitialized(type, DataType.FLOAT, form, 'c');
    return shape instanceof Shape.Sequence ? array.permute(0, 2, 1) : array;
  }

  private static INDArray wrap(Matrix matrix, long[] form) {
    return Nd4j.create(
        Nd4j.createBuffer(matrix.pointer(), matrix.length(), DataType.FLOAT),
        form,
        Nd4j.getStrides(form, 'c'),
        0,
        'c');
  }

  private long[] form(Shape shape) {
    int n = frame.sequences();
    if (shape instanceof Shape.Sequence sequence) {
      return new long[] {n, frame.steps(), sequence.width()};
    }
    if (shape instanceof Shape.Image image) {
      return new long[] {n, image.channels(), image.height(), image.width()};
    }
    return new long[] {n, columns(shape)};
  }

  private int rows(Shape shape) {
    return shape instanceof Shape.Sequence ? frame.units() : frame.sequences();
  }

  private static int columns(Shape shape) {
    if (shape instanceof Shape.Sequence sequence) {
      return sequence.width();
    }
    return shape instanceof Shape.Image image ? image.length() : ((Shape.Vector) shape).width();
  }

  /** Whether the values lie in c order without gaps. */
  static boolean contiguous(INDArray array) {
    long expected = 1;
    for (int i = array.rank() - 1; i >= 0; i--) {
      if (array.size(i) != 1 && array.stride(i) != expected) {
        return false;
      }
      expected *= array.size(i);
    }
    return true;
  }
}
