package org.trainyard.training.engine;

import org.trainyard.training.model.ModelSpec;

/** Opens models; says what it can do. */
public interface Engine {

  /** What it can do; checked against the model before any job starts. */
  Features features();

  /**
   * Opens a model on a device.
   *
   * @throws org.trainyard.pipeline.config.ConfigException if the model asks for what {@link
   *     #features} lacks
   */
  Replica open(ModelSpec model, Device device, Options options);
}
