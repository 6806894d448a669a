package org.trainyard.training.dl4j;

import java.util.Optional;
import org.trainyard.training.engine.Scores;

/** The arithmetic of a last layer: its targets and weights stand in the frame. */
interface OutputKernel extends Kernel {

  /**
   * Loss and gradient in one go; overwrites the gradients of the parameters.
   *
   * @return the weighted sum of the loss
   */
  double lossAndGradient(Frame frame, Matrix in, Optional<Matrix> inGradient);

  /** Weights of the counted units, summed. */
  double weight(Frame frame);

  /** Loss, hits and predictions by example, without weights. */
  Scores score(Frame frame, Matrix in);
}
