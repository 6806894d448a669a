package org.trainyard.training.optimize;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link LayerClipping}: {@code clip-layers: {adaptive: {…}}}. */
public interface LayerClippingTechnique<S extends Record> extends Technique<S, LayerClipping> {}
