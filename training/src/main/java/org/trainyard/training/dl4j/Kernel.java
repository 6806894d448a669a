package org.trainyard.training.dl4j;

import java.util.List;
import java.util.Optional;

/**
 * The arithmetic of one layer over memory outside the heap. Used by one thread at a time; what the
 * way back needs, it keeps until the next way forward.
 */
interface Kernel extends AutoCloseable {

  /**
   * Gives it the memory of its parameters and of their gradients, once.
   *
   * @param parameters in the order and form of {@link org.trainyard.training.engine.ModelPlan},
   *     each as a matrix of its first dimension by all others
   * @param gradients in the same form
   */
  void bind(List<Matrix> parameters, List<Matrix> gradients);

  /**
   * Goes forward.
   *
   * @param in a row for each unit or example
   * @param out is overwritten
   */
  void forward(Frame frame, Matrix in, Matrix out);

  /**
   * Goes back over the latest way forward, and overwrites the gradients of its parameters.
   *
   * @param in what came in
   * @param out what went out
   * @param outGradient derivative by what went out; may be overwritten
   * @param inGradient is overwritten with the derivative by what came in, if wanted
   */
  void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient);

  /** Gives its memory back. */
  @Override
  default void close() {}
}
