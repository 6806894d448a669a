package org.trainyard.training.optimize.kernel;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealVector;

/**
 * A subspace of the shorter side of matrices, and the way there and back. All matrices are
 * row-major; plain Java in a fixed order: the same bits on every machine.
 */
public final class LowRank {
  private LowRank() {}

  /**
   * The leading singular vectors of a matrix on its shorter side, as eigenvectors of its product
   * with itself, in double precision.
   *
   * <p>Takes {@code k²·l + 10·k³} operations for a shorter side k and a longer side l: a second for
   * k = 512.
   *
   * @param matrix shape [rows, columns]
   * @param rank how many, at most the shorter side
   * @return orthonormal columns, shape [shorter side, rank], of falling singular value
   */
  public static float[] basis(float[] matrix, int rows, int columns, int rank) {
    int side = Math.min(rows, columns);
    EigenDecomposition eigen =
        new EigenDecomposition(new Array2DRowRealMatrix(gram(matrix, rows, columns), false));
    float[] basis = new float[side * rank];
    for (int k = 0; k < rank; k++) {
      RealVector vector = eigen.getEigenvector(k);
      for (int i = 0; i < side; i++) {
        basis[i * rank + k] = (float) vector.getEntry(i);
      }
    }
    return basis;
  }

  /** The product of the matrix with its transpose that has the shorter side. */
  private static double[][] gram(float[] matrix, int rows, int columns) {
    boolean tall = rows >= columns;
    int side = tall ? columns : rows;
    int length = tall ? rows : columns;
    float[] along = tall ? matrix : transpose(matrix, rows, columns);
    double[][] gram = new double[side][side];
    for (int l = 0; l < length; l++) {
      for (int i = 0; i < side; i++) {
        double factor = along[l * side + i];
        double[] row = gram[i];
        for (int j = 0; j < side; j++) {
          row[j] += factor * along[l * side + j];
        }
      }
    }
    return gram;
  }

  /**
   * Into the subspace.
   *
   * @param matrix shape [rows, columns]
   * @param basis shape [shorter side, rank]
   * @param into overwritten, shape [rows, rank], or [rank, columns] if there are fewer rows
   */
  public static void project(
      float[] matrix, int rows, int columns, float[] basis, int rank, float[] into) {
    java.util.Arrays.fill(into, 0);
    if (rows >= columns) {
      for (int row = 0; row < rows; row++) {
        addRow(matrix, row * columns, columns, basis, rank, into, row * rank);
      }
    } else {
      float[] transposed = transpose(basis, rows, rank);
      for (int k = 0; k < rank; k++) {
        addRow(transposed, k * rows, rows, matrix, columns, into, k * columns);
      }
    }
  }

  /**
   * Adds what the subspace holds to a matrix.
   *
   * @param small as {@link #project} gives it
   * @param matrix changed, shape [rows, columns]
   */
  public static void addBack(
      float[] small, float[] matrix, int rows, int columns, float[] basis, int rank) {
    boolean tall = rows >= columns;
    float[] left = tall ? small : basis;
    float[] right = tall ? transpose(basis, columns, rank) : small;
    for (int row = 0; row < rows; row++) {
      addRow(left, row * rank, rank, right, columns, matrix, row * columns);
    }
  }

  /** Adds one row of a product: that of {@code count} values of a with the rows of b. */
  private static void addRow(
      float[] a, int from, int count, float[] b, int width, float[] into, int at) {
    for (int k = 0; k < count; k++) {
      float factor = a[from + k];
      int row = k * width;
      for (int j = 0; j < width; j++) {
        into[at + j] += factor * b[row + j];
      }
    }
  }

  private static float[] transpose(float[] matrix, int rows, int columns) {
    float[] transposed = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j * rows + i] = matrix[i * columns + j];
      }
    }
    return transposed;
  }
}
