package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link StepForm}: {@code step: {sharpness-aware: {…}}}. */
public interface StepTechnique<S extends Record> extends Technique<S, StepForm> {}
