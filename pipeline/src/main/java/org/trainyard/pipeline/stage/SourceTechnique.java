package org.trainyard.pipeline.stage;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link Source}: a step of a pipeline file names it with {@code use}. */
public interface SourceTechnique<S extends Record> extends Technique<S, Source> {}
