package org.trainyard.training.combine;

import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.trainyard.training.engine.Parameters;

/**
 * Combines vectors element by element, in blocks that stay in the first cache, on one thread or on
 * all: the bits are the same.
 */
final class ByElement {
  /** Most elements of a block. */
  static final int BLOCK = 2048;

  /** Elements that one thread takes at a time. */
  private static final int PIECE = 8 * BLOCK;

  /** Makes elements {@code [from, to)} of a slice, at most {@link #BLOCK}. */
  @FunctionalInterface
  interface Kernel {
    void make(int slice, int from, int to, float[] into);
  }

  private ByElement() {}

  /**
   * A new vector.
   *
   * @param like a vector of the form that is wanted
   * @param kernels makes a kernel with buffers of its own, for one thread
   */
  static Parameters make(Parameters like, boolean parallel, Supplier<Kernel> kernels) {
    float[][] made = new float[like.count()][];
    for (int slice = 0; slice < made.length; slice++) {
      made[slice] = new float[like.slice(slice).length];
    }
    IntStream pieces = IntStream.range(0, Math.toIntExact(like.length() / PIECE + 1));
    (parallel ? pieces.parallel() : pieces)
        .forEach(piece -> piece((long) piece * PIECE, made, kernels.get()));
    return Parameters.of(made);
  }

  /** Makes what lies in one piece of the whole vector. */
  private static void piece(long start, float[][] made, Kernel kernel) {
    long offset = 0;
    for (int slice = 0; slice < made.length; slice++) {
      float[] into = made[slice];
      int from = (int) Math.max(0, Math.min(into.length, start - offset));
      int end = (int) Math.max(0, Math.min(into.length, start + PIECE - offset));
      for (; from < end; from += BLOCK) {
        kernel.make(slice, from, Math.min(from + BLOCK, end), into);
      }
      offset += into.length;
    }
  }
}
