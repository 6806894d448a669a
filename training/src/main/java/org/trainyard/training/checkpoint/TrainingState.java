package org.trainyard.training.checkpoint;

import java.util.List;
import org.trainyard.training.engine.Parameters;

/**
 * A training run between two rounds. From equal states, equal data and equal settings come
 * bit-equal runs.
 *
 * @param position how far it is
 * @param parameters the model's; not changed by anybody who holds the state
 * @param ruleState the update rule's state arrays, each of the parameters' form; not changed either
 */
public record TrainingState(Position position, Parameters parameters, List<Parameters> ruleState) {
  /** Keeps its own copy of the list. */
  public TrainingState {
    ruleState = List.copyOf(ruleState);
  }
}
