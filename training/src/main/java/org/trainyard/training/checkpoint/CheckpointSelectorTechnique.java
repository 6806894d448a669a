package org.trainyard.training.checkpoint;

import org.trainyard.pipeline.technique.Technique;

/**
 * A technique that makes a {@link CheckpointSelector}: {@code average: {latest-weight-averaging:
 * {window: 5}}} in a train step.
 */
public interface CheckpointSelectorTechnique<S extends Record>
    extends Technique<S, CheckpointSelector> {}
