package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;

/**
 * In which order the simulations of a shard send their samples: {@code together} run side by side
 * and send in turn, each followed by the next when it ends. They are out of step from the start, as
 * simulations that were started one after the other are, so that not all samples of a time are of
 * one stage.
 *
 * <p>Shard s of n makes the simulations s, s + n, s + 2n, … of the family.
 *
 * @param steps of a simulation
 * @param together simulations at a time
 * @param shard from 0
 * @param shards all of them
 */
public record Numbering(int steps, int together, int shard, int shards) implements Serializable {

  /** Which of the simulations that run side by side sends a sample. */
  public int lane(long sample) {
    return (int) (sample % together);
  }

  /** Number of the simulation, in the whole family. */
  public long simulation(long sample) {
    long ordinal = place(sample) / steps;
    return shard + shards * (lane(sample) + together * ordinal);
  }

  /** Step of the simulation, from 0. */
  public int step(long sample) {
    return (int) (place(sample) % steps);
  }

  private long place(long sample) {
    return sample / together + (long) lane(sample) * steps / together;
  }
}
