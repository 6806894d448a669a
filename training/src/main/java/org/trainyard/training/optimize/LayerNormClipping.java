package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Norms;

/** A limit on the length of each slice. */
@Card(
    name = "norm",
    what = "Shortens the gradient of each array of parameters that is longer than a limit.",
    how =
        "One layer whose gradient explodes does not shorten the others, as it does with clip-norm.",
    avoid =
        "Changes the direction of the whole gradient; a limit that suits all layers is hard to"
            + " find.",
    papers = {"On the difficulty of training recurrent neural networks (arXiv 1211.5063)"})
public final class LayerNormClipping implements LayerClippingTechnique<LayerNormClipping.Config> {

  /** Settings of {@code norm}. */
  public record Config(
      @Setting(
              help = "Longest mean gradient of an array, by Euclidean norm.",
              standard = "1",
              min = 1e-30)
          double limit) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public LayerClipping create(Config settings) {
    return new Rule(settings.limit());
  }

  record Rule(double limit) implements LayerClipping {
    @Override
    public void clip(Slice slice, float[] weights, float[] gradient) {
      double norm = Norms.of(gradient);
      if (norm > limit) {
        Norms.scale(gradient, 0, gradient.length, (float) (limit / norm));
      }
    }
  }
}
