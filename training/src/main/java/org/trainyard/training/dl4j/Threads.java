package org.trainyard.training.dl4j;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Threads of the native libraries. They are the whole JVM's, so all replicas in it must want the
 * same.
 */
final class Threads {
  private static int present;

  private Threads() {}

  /** Sets the number of threads of each native call. */
  static synchronized void use(int threads) {
    if (threads == present) {
      return;
    }
    // ND4J loads the libraries; asking it first keeps it from setting the number again later.
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
    present = threads;
  }
}
