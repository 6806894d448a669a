package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes an {@link OuterRule}: {@code outer: mean} in a train step. */
public interface OuterTechnique<S extends Record> extends Technique<S, OuterRule> {}
