package org.trainyard.training.optimize;

import java.io.Serializable;

/** How a step is taken around another: made of {@link PlainStep} in a train step. */
public interface StepForm extends Serializable {

  /** A rule that takes the same steps from other gradients, or others altogether. */
  StepRule around(StepRule rule);
}
