package org.trainyard.training.combine;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link Combiner}: {@code combine: weighted-mean} in a train step. */
public interface CombinerTechnique<S extends Record> extends Technique<S, Combiner> {}
