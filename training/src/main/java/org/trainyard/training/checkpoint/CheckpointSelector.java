package org.trainyard.training.checkpoint;

import java.util.List;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/** Makes one set of parameters out of the latest epoch ends of a run. */
public interface CheckpointSelector {

  /** How many of the latest epoch ends must be kept for it, at least 1. */
  int window();

  /**
   * Makes the parameters.
   *
   * @param latest the latest epoch ends, oldest first; at least one, at most {@link #window}
   * @return parameters that share no array with any other
   */
  Parameters select(List<? extends Snapshot> latest, Layout layout);
}
