package org.trainyard.pipeline.stage;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link Stage}: a step of a pipeline file names it with {@code use}. */
public interface StageTechnique<S extends Record> extends Technique<S, Stage> {}
