package org.trainyard.training.optimize.kernel;

import java.util.Arrays;
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
   * <p>Takes {@code k²·l + 10·k³} operations for a shorter side k and a longer side l: about two
   * seconds for k = 512.
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
        for (int j = 0; j <= i; j++) {
          row[j] += factor * along[l * side + j];
        }
      }
    }
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < i; j++) {
        gram[j][i] = gram[i][j];
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
    Arrays.fill(into, 0);
    if (rows >= columns) {
      addProduct(matrix, rows(basis, columns, rank), into);
    } else {
      addProduct(transpose(basis, rows, rank), rows(matrix, rows, columns), into);
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
    if (rows >= columns) {
      addProduct(small, rows(transpose(basis, columns, rank), rank, columns), matrix);
    } else {
      addProduct(basis, rows(small, rank, columns), matrix);
    }
  }

  /**
   * Adds a·b.
   *
   * @param a shape [n, m]
   * @param b shape [m, k]; rows of their own, as Java 17 vectorises no loop over two offsets
   * @param into changed, shape [n, k]
   */
  private static void addProduct(float[] a, float[][] b, float[] into) {
    int inner = b.length;
    int width = b[0].length;
    float[] sum = new float[width];
    for (int row = 0; row < into.length / width; row++) {
      System.arraycopy(into, row * width, sum, 0, width);
      for (int k = 0; k < inner; k++) {
        add(sum, b[k], a[row * inner + k]);
      }
      System.arraycopy(sum, 0, into, row * width, width);
    }
  }

  private static void add(float[] to, float[] from, float factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * from[i];
    }
  }

  private static float[][] rows(float[] matrix, int rows, int columns) {
    float[][] cut = new float[rows][];
    for (int row = 0; row < rows; row++) {
      cut[row] = Arrays.copyOfRange(matrix, row * columns, (row + 1) * columns);
    }
    return cut;
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
