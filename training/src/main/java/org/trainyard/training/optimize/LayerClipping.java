package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.training.engine.Slice;

/** Shortens the mean gradient of one slice, before the gradient as a whole is clipped. */
public interface LayerClipping extends Serializable {
  /** Leaves all as it is. */
  LayerClipping NONE = NoLayerClipping.Nothing.DONE;

  /**
   * Clips in place.
   *
   * @param slice what is clipped; running statistics are never handed in
   * @param weights not changed, shape [n]
   * @param gradient changed, shape [n]
   */
  void clip(Slice slice, float[] weights, float[] gradient);
}
