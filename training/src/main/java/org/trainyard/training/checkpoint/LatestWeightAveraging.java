package org.trainyard.training.checkpoint;

import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/** The unweighted mean of the latest epoch-end parameters. */
@Card(
    name = "latest-weight-averaging",
    what = "Averages the parameters of the latest epoch ends; training itself goes on unchanged.",
    how =
        "After every epoch the mean of the latest `window` epoch-end checkpoints is taken, running"
            + " statistics included; while fewer exist, of those. Costs storage for `window` sets of"
            + " parameters and no training time. Choose a window of about a tenth of the epochs.",
    avoid =
        "The gain lies in the middle of training, while the rate is high: with a schedule that ends"
            + " near zero the last parameters are as good, and a window longer than what is left of"
            + " early progress drags bad parameters along.",
    papers = {
      "Stop Wasting My Time! Saving Days of ImageNet and BERT Training with Latest Weight Averaging"
          + " (arXiv 2209.14981)"
    })
public final class LatestWeightAveraging
    implements CheckpointSelectorTechnique<LatestWeightAveraging.Settings> {

  /**
   * What can be set.
   *
   * @param window number of epoch ends averaged
   */
  public record Settings(
      @Setting(
              help = "How many of the latest epoch ends are averaged.",
              standard = "5",
              min = 1,
              max = 1000)
          int window) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public CheckpointSelector create(Settings settings) {
    return new Mean(settings.window());
  }

  private record Mean(int window) implements CheckpointSelector {
    @Override
    public Parameters select(List<? extends Snapshot> latest, Layout layout) {
      Parameters mean = Parameters.zeros(layout);
      for (int i = 0; i < mean.count(); i++) {
        double[] sum = new double[mean.slice(i).length];
        for (Snapshot snapshot : latest) {
          float[] values = snapshot.slice(i);
          for (int j = 0; j < sum.length; j++) {
            sum[j] += values[j];
          }
        }
        for (int j = 0; j < sum.length; j++) {
          mean.slice(i)[j] = (float) (sum[j] / latest.size());
        }
      }
      return mean;
    }
  }
}
