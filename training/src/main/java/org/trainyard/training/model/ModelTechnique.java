package org.trainyard.training.model;

import org.trainyard.pipeline.technique.Technique;

/**
 * A technique that makes a {@link Model}: {@code model: {lstm-language-model: {…}}} in a train
 * step.
 */
public interface ModelTechnique<S extends Record> extends Technique<S, Model> {}
