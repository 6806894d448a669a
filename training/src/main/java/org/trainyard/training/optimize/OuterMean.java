package org.trainyard.training.optimize;

import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/** The mean of the shards is the model. */
@Card(
    name = "mean",
    what = "After local steps, the combined parameters of the shards are the model.",
    how = "Nothing is kept from round to round.",
    avoid = "With many local steps between rounds, outer-rule with momentum gets farther.",
    papers = {
      "Communication-Efficient Learning of Deep Networks from Decentralized Data (arXiv 1602.05629)",
      "Local SGD Converges Fast and Communicates Little (arXiv 1805.09767)"
    })
public final class OuterMean implements OuterTechnique<OuterMean.Settings> {

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public OuterRule create(Settings settings) {
    return new Mean();
  }

  /** The mean change leads to the mean. */
  public record Mean() implements OuterRule {
    private static final long serialVersionUID = 1;

    @Override
    public boolean takesChange() {
      return false;
    }

    @Override
    public List<Parameters> freshState(Layout layout) {
      return List.of();
    }

    @Override
    public void step(
        Layout layout,
        Parameters parameters,
        Parameters change,
        List<Parameters> state,
        long round) {
      parameters.add(change, 1);
    }
  }
}
