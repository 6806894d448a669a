package org.trainyard.dataprep.synthesize;

import org.trainyard.dataprep.synthesize.kernel.HeatEquation;
import org.trainyard.dataprep.synthesize.kernel.Simulator;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Rods whose ends are held at a temperature. */
@Card(
    name = "heat-equation",
    what = "Solves the heat equation in a rod, with temperatures and diffusivity drawn by chance.",
    how =
        """
        A sample asks for the temperatures at `points` places, given both ends' temperature, the rod's at \
        first, the amplitude of a wave upon it, the diffusivity and the time. Backward Euler; every simulation \
        follows from the seed and its number.""",
    avoid = "One dimension and five parameters: a model of real equipment needs a real solver.")
public final class HeatedRods implements SimulatorTechnique<HeatedRods.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "Places in the rod.", standard = "32", min = 1, max = 65536) int points,
      @Setting(
              help = "Steps of time, each of them a sample.",
              standard = "50",
              min = 1,
              max = 1_000_000)
          int steps) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Simulator create(Settings settings) {
    return new HeatEquation(settings.points(), settings.steps());
  }
}
