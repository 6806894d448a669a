package org.trainyard.training.model;

import org.trainyard.pipeline.batch.DataFacts;

/**
 * A family of networks that is fitted to the data's facts: how many tokens, classes, which shape.
 */
public interface Model {

  /**
   * The network for this data.
   *
   * @throws org.trainyard.pipeline.config.ConfigException if the data does not fit, such as images
   *     for a language model
   */
  ModelSpec spec(DataFacts facts);
}
