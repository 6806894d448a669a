package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Norms;

/** A limit on the gradient of each unit, by the length of its weights. */
@Card(
    name = "adaptive",
    what = "Shortens the gradient of each unit that is long beside the weights of the unit.",
    how =
        "For each row of a matrix, filter of a kernel, or bias as a whole: |gradient| becomes at"
            + " most ratio * max(|weights|, 0.001). Lets nets without normalisation layers take"
            + " large batches and rates: the larger the batch, the smaller the ratio (0.01 at"
            + " 4096).",
    avoid =
        "Little use with adam, lamb or lion, whose steps do not grow with the gradient. Clips"
            + " embeddings of rare tokens too.",
    papers = {
      "High-Performance Large-Scale Image Recognition Without Normalization (arXiv 2102.06171)"
    })
public final class AdaptiveClipping implements LayerClippingTechnique<AdaptiveClipping.Config> {

  /** Settings of {@code adaptive}. */
  public record Config(
      @Setting(
              help = "Longest gradient over the length of the weights.",
              standard = "0.01",
              min = 1e-30)
          double ratio) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public LayerClipping create(Config settings) {
    return new Rule(settings.ratio());
  }

  record Rule(double ratio) implements LayerClipping {
    /** What a unit of zeros counts as, or it could never grow: section 4.1 of the paper. */
    private static final double LEAST = 1e-3;

    @Override
    public void clip(Slice slice, float[] weights, float[] gradient) {
      int units = slice.shape().length > 1 ? slice.shape()[0] : 1;
      int length = weights.length / Math.max(1, units);
      for (int unit = 0; unit < units; unit++) {
        int from = unit * length;
        double limit = ratio * Math.max(LEAST, Math.sqrt(Norms.squares(weights, from, length)));
        double norm = Math.sqrt(Norms.squares(gradient, from, length));
        if (norm > limit) {
          Norms.scale(gradient, from, length, (float) (limit / norm));
        }
      }
    }
  }
}
