package org.trainyard.training.optimize;

import java.io.Serializable;
import java.util.List;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/** What becomes of the model's parameters when the shards come back from their local steps. */
public interface OuterRule extends Serializable {

  /** Whether it wants the shards' mean change rather than the mean of their parameters. */
  boolean takesChange();

  /** The state before the first round: any number of sets in the form of the layout. */
  List<Parameters> freshState(Layout layout);

  /**
   * Ends a round.
   *
   * @param layout of the parameters
   * @param parameters those that the round began with; changed
   * @param change what the shards' local steps changed, the mean by weight; may be changed
   * @param state as {@link #freshState} gave it, changed
   * @param round number of this round, from 1
   */
  void step(
      Layout layout, Parameters parameters, Parameters change, List<Parameters> state, long round);
}
