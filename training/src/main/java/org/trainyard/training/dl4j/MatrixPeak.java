package org.trainyard.training.dl4j;

/** How fast this machine multiplies matrices: the limit that a training step is held against. */
public final class MatrixPeak {
  private static final int SIZE = 768;
  private static final int TIMES = 40;

  private MatrixPeak() {}

  /** Floating-point operations in a second, of one thread, on large square matrices; the best. */
  public static double operationsPerSecond() {
    try (Scratch a = new Scratch();
        Scratch b = new Scratch();
        Scratch product = new Scratch()) {
      Matrix left = a.matrix(SIZE, SIZE).clear();
      Matrix right = b.matrix(SIZE, SIZE).clear();
      Matrix out = product.matrix(SIZE, SIZE);
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < TIMES; i++) {
        long started = System.nanoTime();
        Blas.times(left, right, out);
        best = Math.min(best, (System.nanoTime() - started) / 1e9);
      }
      return 2.0 * SIZE * SIZE * SIZE / best;
    }
  }
}
