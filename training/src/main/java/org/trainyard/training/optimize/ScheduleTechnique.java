package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link Schedule}: {@code schedule: {cosine: {…}}} in a train step. */
public interface ScheduleTechnique<S extends Record> extends Technique<S, Schedule> {}
