package org.trainyard.pipeline.batch;

import org.trainyard.pipeline.technique.Technique;

/**
 * A technique that makes a {@link FeedSource}: {@code feed: {reservoir: {…}}} in a train step.
 *
 * @param <S> its settings
 */
public interface FeedTechnique<S extends Record> extends Technique<S, FeedSource> {}
