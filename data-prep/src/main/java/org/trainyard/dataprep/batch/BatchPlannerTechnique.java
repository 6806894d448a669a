package org.trainyard.dataprep.batch;

import org.trainyard.pipeline.technique.Technique;

/**
 * A way to put examples together: {@code planner: {buckets: {count: 100}}} in a {@code
 * plan-batches} step.
 *
 * @param <S> its settings
 */
public interface BatchPlannerTechnique<S extends Record> extends Technique<S, BatchPlanner> {}
