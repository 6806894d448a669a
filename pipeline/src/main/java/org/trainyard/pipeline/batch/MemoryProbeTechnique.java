package org.trainyard.pipeline.batch;

import org.trainyard.pipeline.technique.Technique;

/**
 * A technique that makes a {@link MemoryProbe}: {@code probe: {training-step: {model: …}}} in a
 * step that looks for batch sizes.
 *
 * @param <S> its settings
 */
public interface MemoryProbeTechnique<S extends Record> extends Technique<S, MemoryProbe> {}
