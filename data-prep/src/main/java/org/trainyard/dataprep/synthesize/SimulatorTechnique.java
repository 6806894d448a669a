package org.trainyard.dataprep.synthesize;

import org.trainyard.dataprep.synthesize.kernel.Simulator;
import org.trainyard.pipeline.technique.Technique;

/**
 * A family of simulations: {@code simulator: heat-equation}.
 *
 * @param <S> its settings
 */
public interface SimulatorTechnique<S extends Record> extends Technique<S, Simulator> {}
