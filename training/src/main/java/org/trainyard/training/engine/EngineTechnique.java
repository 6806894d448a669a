package org.trainyard.training.engine;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes an {@link Engine}: {@code engine: deeplearning4j} in a train step. */
public interface EngineTechnique<S extends Record> extends Technique<S, Engine> {}
