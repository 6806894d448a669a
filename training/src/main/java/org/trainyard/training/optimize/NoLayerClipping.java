package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Slice;

/** Layers as they are. */
@Card(
    name = "none",
    what = "Layers are not clipped.",
    how = "clip-norm limits the gradient as a whole.",
    avoid = "A net without normalisation layers trains at higher rates with adaptive.")
public final class NoLayerClipping implements LayerClippingTechnique<NoLayerClipping.Config> {

  /** No settings. */
  public record Config() {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public LayerClipping create(Config settings) {
    return LayerClipping.NONE;
  }

  /** Stays one and the same on its way to executors. */
  enum Nothing implements LayerClipping {
    /** The only one. */
    DONE;

    @Override
    public void clip(Slice slice, float[] weights, float[] gradient) {
      // Nothing to do.
    }
  }
}
