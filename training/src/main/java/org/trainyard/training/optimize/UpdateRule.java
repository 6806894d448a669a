package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Slice;

/** Changes the weights of one slice, given its gradient. Plain arithmetic: no engine, no Spark. */
public interface UpdateRule extends Serializable {

  /** The base learning rate, which a schedule's factor multiplies. */
  double learningRate();

  /** How many state arrays it keeps for each slice: 0 for SGD, 2 for Adam. */
  int stateArrays();

  /**
   * Length of a state array; the slice's own unless said otherwise.
   *
   * @param array 0 to {@link #stateArrays} - 1
   */
  default int stateLength(Slice slice, int array) {
    return slice.length();
  }

  /** How many numbers it keeps for a layout. */
  default long stateLength(Layout layout) {
    long length = 0;
    for (Slice slice : layout.slices()) {
      for (int array = 0; array < stateArrays(); array++) {
        length += stateLength(slice, array);
      }
    }
    return length;
  }

  /**
   * Whether the mean of several shards' states is a state too. If not, as for bases and masks,
   * shards cannot take steps of their own.
   */
  default boolean averages() {
    return true;
  }

  /**
   * Updates in place.
   *
   * @param slice what is updated; running statistics are never handed in
   * @param weights changed, shape [n]
   * @param gradient the weighted mean gradient, shape [n]; not changed
   * @param state changed, {@link #stateArrays} arrays of {@link #stateLength}, zeros before the
   *     first step
   * @param step number of this update, from 1
   * @param rate learning rate of this step: {@link #learningRate} times the schedule's factor
   */
  void update(
      Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate);
}
