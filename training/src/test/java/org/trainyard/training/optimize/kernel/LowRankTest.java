package org.trainyard.training.optimize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A subspace of low rank")
class LowRankTest {
  @ParameterizedTest
  @CsvSource({"9, 6, 2", "6, 9, 2", "5, 5, 3"})
  void isSpannedByTheLeadingSingularVectors(int rows, int columns, int rank) {
    float[] matrix = random(rows, columns);
    float[] basis = LowRank.basis(matrix, rows, columns, rank);
    RealMatrix found = matrix(basis, Math.min(rows, columns), rank);
    SingularValueDecomposition svd = new SingularValueDecomposition(matrix(matrix, rows, columns));
    RealMatrix vectors = rows >= columns ? svd.getV() : svd.getU();
    RealMatrix leading = vectors.getSubMatrix(0, vectors.getRowDimension() - 1, 0, rank - 1);
    // Signs are free: the projections onto both spaces are compared.
    RealMatrix difference =
        found.multiply(found.transpose()).subtract(leading.multiply(leading.transpose()));
    assertThat(difference.getFrobeniusNorm()).isCloseTo(0, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"9, 6, 2", "6, 9, 2"})
  void givesBackTheBestMatrixOfItsRank(int rows, int columns, int rank) {
    float[] matrix = random(rows, columns);
    float[] basis = LowRank.basis(matrix, rows, columns, rank);
    float[] small = new float[rank * Math.max(rows, columns)];
    LowRank.project(matrix, rows, columns, basis, rank, small);
    float[] back = new float[matrix.length];
    LowRank.addBack(small, back, rows, columns, basis, rank);

    double[] singular =
        new SingularValueDecomposition(matrix(matrix, rows, columns)).getSingularValues();
    double rest = 0;
    for (int i = rank; i < singular.length; i++) {
      rest += singular[i] * singular[i];
    }
    double lost =
        matrix(matrix, rows, columns).subtract(matrix(back, rows, columns)).getFrobeniusNorm();
    assertThat(lost).isCloseTo(Math.sqrt(rest), within(1e-5));
  }

  private static float[] random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(rows * 100L + columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static RealMatrix matrix(float[] values, int rows, int columns) {
    RealMatrix matrix = new Array2DRowRealMatrix(rows, columns);
    for (int i = 0; i < values.length; i++) {
      matrix.setEntry(i / columns, i % columns, values[i]);
    }
    return matrix;
  }
}
