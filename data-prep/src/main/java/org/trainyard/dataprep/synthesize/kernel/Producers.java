package org.trainyard.dataprep.synthesize.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Simulations that run side by side and send their samples in the order of a {@link Numbering}. */
public final class Producers {
  private final Simulator simulator;
  private final Numbering numbering;
  private final long seed;
  private final int width;
  private final Simulator.Run[] runs;
  private long next;

  /**
   * Starts where this sample is the next. What its simulations did before is done again, and thrown
   * away: less than one simulation for each that runs.
   */
  public Producers(Simulator simulator, Numbering numbering, long seed, long next) {
    this.simulator = simulator;
    this.numbering = numbering;
    this.seed = seed;
    this.next = next;
    this.width = width(simulator);
    this.runs = new Simulator.Run[numbering.together()];
    float[] discarded = new float[width];
    for (long sample = next; sample < next + runs.length; sample++) {
      Simulator.Run run = simulator.start(seed, numbering.simulation(sample));
      for (int step = 0; step < numbering.step(sample); step++) {
        run.next(discarded, 0);
      }
      runs[numbering.lane(sample)] = run;
    }
  }

  /** Numbers of a sample: inputs, then targets. */
  public static int width(Simulator simulator) {
    return simulator.inputs() + simulator.targets();
  }

  /** Makes the next sample. */
  public void next(float[] into, int at) {
    int lane = numbering.lane(next);
    if (numbering.step(next) == 0) {
      runs[lane] = simulator.start(seed, numbering.simulation(next));
    }
    runs[lane].next(into, at);
    next++;
  }

  private record Wanted(long simulation, int step, int slot) {}

  /**
   * Makes all samples of a reservoir again, each simulation once and as far as it is needed.
   *
   * @param into by slot, shape [capacity, width]
   */
  public static void remake(
      Simulator simulator, Numbering numbering, long seed, Reservoir reservoir, float[] into) {
    List<Wanted> wanted = new ArrayList<>();
    for (int slot : reservoir.slots()) {
      long sample = reservoir.sample(slot);
      wanted.add(new Wanted(numbering.simulation(sample), numbering.step(sample), slot));
    }
    wanted.sort(Comparator.comparingLong(Wanted::simulation).thenComparingInt(Wanted::step));
    int width = width(simulator);
    float[] made = new float[width];
    long simulation = -1;
    int done = 0;
    Simulator.Run run = null;
    for (Wanted one : wanted) {
      if (one.simulation() != simulation) {
        simulation = one.simulation();
        run = simulator.start(seed, simulation);
        done = 0;
      }
      for (; done <= one.step(); done++) {
        run.next(made, 0);
      }
      System.arraycopy(made, 0, into, one.slot() * width, width);
    }
  }
}
