package org.trainyard.evaluation.metric;

import java.io.Serializable;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.checkpoint.TrainedModel;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.ModelSpec;

/**
 * A trained model on its way to the executors.
 *
 * @param engine that opens it
 * @param spec the network
 * @param parameters the values
 */
record ScoringModel(Choice<Engine> engine, ModelSpec spec, Parameters parameters)
    implements Serializable {

  /** What scoring needs of a trained model. */
  static ScoringModel of(TrainedModel trained) {
    return new ScoringModel(trained.engine(), trained.spec(), trained.parameters());
  }

  /** A replica that holds the parameters. */
  Replica open(Device device) {
    Replica replica = engine.create().open(spec, device, Options.seeded(0));
    replica.load(parameters);
    return replica;
  }
}
