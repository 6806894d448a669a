package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Card;

/** One gradient, one step. */
@Card(
    name = "plain",
    what = "The gradient at the weights, handed to the rule.",
    how = "The cheapest step.",
    avoid = "A model that fits its examples too well can do better with sharpness-aware.")
public final class Plain implements StepTechnique<Plain.Config> {

  /** No settings. */
  public record Config() {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public StepForm create(Config settings) {
    return rule -> rule;
  }
}
