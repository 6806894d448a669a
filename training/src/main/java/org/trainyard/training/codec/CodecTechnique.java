package org.trainyard.training.codec;

import org.trainyard.pipeline.technique.Technique;

/** A technique that makes a {@link Codec}: {@code codec: eight-bit} in a train step. */
public interface CodecTechnique<S extends Record> extends Technique<S, Codec> {}
