package org.trainyard.training.optimize;

import java.io.Serializable;
import java.util.List;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/**
 * Takes one local step, and may ask for the gradient as often, and at as many points, as it likes:
 * sharpness-aware steps, particles, two optimizers, privacy. {@link PlainStep} makes one of every
 * {@link UpdateRule}.
 */
public interface StepRule extends Serializable {

  /** The base learning rate, which a schedule's factor multiplies. */
  double learningRate();

  /** The state before the first step: any number of sets with as many slices as the layout. */
  List<Parameters> freshState(Layout layout);

  /** Whether the mean of several shards' states is a state too: see {@link UpdateRule#averages}. */
  default boolean averages() {
    return true;
  }

  /** Opens it for one shard: what it returns may keep scratch memory and is used by one thread. */
  Stepper open(Layout layout);

  /** A step rule at work on one shard. */
  interface Stepper {
    /**
     * Takes one step, unless the gradient is not finite or has no weight.
     *
     * @param weights changed
     * @param state as {@link StepRule#freshState} gave it, changed
     * @param step number of this step, from 1
     * @param rate learning rate of this step
     * @param oracle gives the gradient of this step's batch
     */
    Outcome step(Parameters weights, List<Parameters> state, long step, double rate, Oracle oracle);
  }

  /** Gives loss and gradient of one batch, at any weights. */
  interface Oracle {
    /**
     * @param weights where
     * @param gradient is overwritten with the sum of the gradients
     */
    GradientSum at(Parameters weights, Parameters gradient);
  }

  /**
   * What a step did.
   *
   * @param sum loss and weight at the weights before the step
   * @param gradientNorm norm of the mean gradient before clipping; 0 if there was no weight
   * @param taken whether the weights were changed
   */
  record Outcome(GradientSum sum, double gradientNorm, boolean taken) {}
}
