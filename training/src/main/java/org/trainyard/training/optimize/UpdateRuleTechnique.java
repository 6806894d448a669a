package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes an {@link UpdateRule}: {@code rule: {adamw: {…}}} in a train step. */
public interface UpdateRuleTechnique<S extends Record> extends Technique<S, UpdateRule> {}
