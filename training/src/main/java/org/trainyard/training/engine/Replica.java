package org.trainyard.training.engine;

import org.trainyard.pipeline.batch.Batch;

/** One open model on one executor. Not thread-safe: leased to one task attempt. */
public interface Replica extends AutoCloseable {

  /** Named slices of its parameters. */
  Layout layout();

  /** Takes over parameters. */
  void load(Parameters from);

  /** Hands out its parameters. */
  void store(Parameters into);

  /**
   * The fused forward and backward pass.
   *
   * @param gradient receives (is overwritten with) the sum of the gradients over all real units,
   *     each times its example's weight
   * @return the loss and the weight, as sums
   */
  GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient);

  /** A forward pass whose outputs can be looked at, and from which one can go back. */
  Pass forward(Batch batch, Mode mode);

  /**
   * Loss, hits and predictions by example, without dropout and without a gradient: what evaluation
   * reads.
   *
   * @param batch its input, target and mask as for training
   */
  Scores score(Batch batch);

  /** What only the engine knows: random streams, loss scaler. Empty if nothing. */
  byte[] state();

  /** Takes over a {@link #state}. */
  void restore(byte[] state);

  @Override
  void close();
}
