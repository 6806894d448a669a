package org.trainyard.training.checkpoint;

import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/** The parameters as the last epoch left them. */
@Card(name = "last", what = "Takes the parameters as the last epoch left them.")
public final class Last implements CheckpointSelectorTechnique<Last.Settings> {

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public CheckpointSelector create(Settings settings) {
    return new CheckpointSelector() {
      @Override
      public int window() {
        return 1;
      }

      @Override
      public Parameters select(List<? extends Snapshot> latest, Layout layout) {
        Parameters last = Parameters.zeros(layout);
        Snapshot snapshot = latest.get(latest.size() - 1);
        for (int i = 0; i < last.count(); i++) {
          float[] values = snapshot.slice(i);
          System.arraycopy(values, 0, last.slice(i), 0, values.length);
        }
        return last;
      }
    };
  }
}
