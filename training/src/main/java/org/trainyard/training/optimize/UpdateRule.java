package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.training.engine.Slice;

/** Changes the weights of one slice, given its gradient. Plain arithmetic: no engine, no Spark. */
public interface UpdateRule extends Serializable {

  /** The base learning rate, which a schedule's factor multiplies. */
  double learningRate();

  /** How many state arrays of the slice's own length it keeps: 0 for SGD, 2 for Adam. */
  int stateArrays();

  /**
   * Updates in place.
   *
   * @param slice what is updated; running statistics are never handed in
   * @param weights changed, shape [n]
   * @param gradient the weighted mean gradient, shape [n]; not changed
   * @param state changed, {@link #stateArrays} arrays of shape [n], zeros before the first step
   * @param step number of this update, from 1
   * @param rate learning rate of this step: {@link #learningRate} times the schedule's factor
   */
  void update(
      Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate);
}
