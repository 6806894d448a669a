package org.trainyard.training.dl4j;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrix products of ND4J's own BLAS, without the wrapping that costs more than a small product.
 */
final class Blas {
  private Blas() {}

  /** Whether a factor is taken as it is or transposed. */
  enum Side {
    /** As it is. */
    PLAIN(CblasNoTrans),
    /** Transposed. */
    TRANSPOSED(CblasTrans);

    private final int code;

    Side(int code) {
      this.code = code;
    }
  }

  /** out = a · bᵀ. */
  static void timesTransposed(Matrix a, Matrix b, Matrix out) {
    check(a.columns() == b.columns(), a, b, out);
    multiply(
        Side.PLAIN,
        Side.TRANSPOSED,
        out.rows(),
        out.columns(),
        a.columns(),
        a.pointer(),
        a.columns(),
        b.pointer(),
        b.columns(),
        0,
        out.pointer(),
        out.columns());
  }

  /** out = a · b. */
  static void times(Matrix a, Matrix b, Matrix out) {
    check(a.columns() == b.rows(), a, b, out);
    multiply(
        Side.PLAIN,
        Side.PLAIN,
        out.rows(),
        out.columns(),
        a.columns(),
        a.pointer(),
        a.columns(),
        b.pointer(),
        b.columns(),
        0,
        out.pointer(),
        out.columns());
  }

  /** out += aᵀ · b. */
  static void addTransposedTimes(Matrix a, Matrix b, Matrix out) {
    check(a.rows() == b.rows(), a, b, out);
    multiply(
        Side.TRANSPOSED,
        Side.PLAIN,
        out.rows(),
        out.columns(),
        a.rows(),
        a.pointer(),
        a.columns(),
        b.pointer(),
        b.columns(),
        1,
        out.pointer(),
        out.columns());
  }

  /**
   * {@code c = a·b + beta·c} on row-major memory.
   *
   * @param m rows of c
   * @param n columns of c
   * @param k length of the sums
   * @param lda values from one row of a to the next
   * @param beta 0 to overwrite c, 1 to add to it
   */
  static void multiply(
      Side sideA,
      Side sideB,
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      float beta,
      FloatPointer c,
      int ldc) {
    if (m == 0 || n == 0) {
      return;
    }
    cblas_sgemm(CblasRowMajor, sideA.code, sideB.code, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
  }

  private static void check(boolean fits, Matrix a, Matrix b, Matrix out) {
    if (!fits) {
      throw new IllegalArgumentException(
          "Matrices [%d, %d] and [%d, %d] do not multiply to [%d, %d]"
              .formatted(a.rows(), a.columns(), b.rows(), b.columns(), out.rows(), out.columns()));
    }
  }
}
