package org.trainyard.training.round;

import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.ModelSpec;

/**
 * Opens a model with an engine that is made anew on each executor.
 *
 * @param engine which engine
 * @param model which network
 * @param options how it is opened
 */
public record EngineOpener(Choice<Engine> engine, ModelSpec model, Options options)
    implements ModelOpener {

  @Override
  public Replica open(Device device) {
    return engine.create().open(model, device, options);
  }
}
