package org.trainyard.dataprep.batch;

import org.trainyard.pipeline.technique.Technique;

/**
 * A layout of batches: {@code kind: language-model} in a {@code plan-batches} step.
 *
 * @param <S> its settings
 */
public interface BatchKindTechnique<S extends Record> extends Technique<S, BatchKind> {}
