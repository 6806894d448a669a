package org.trainyard.dataprep.synthesize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The heat equation")
class HeatEquationTest {
  private static final int INPUTS = 6;

  private static float[] after(HeatEquation equation, int steps, double... parameters) {
    Simulator.Run run = equation.start(parameters);
    float[] sample = new float[INPUTS + equation.points()];
    for (int step = 0; step < steps; step++) {
      run.next(sample, 0);
    }
    return sample;
  }

  @Nested
  class IsSolved {
    @Test
    void exactlyAsItsDiscreteFormDampsAWave() {
      HeatEquation equation = new HeatEquation(31, 40);
      // Diffusivity 0.1, the geometric mean of its range; a wave of two halves between cold ends.
      float[] sample = after(equation, 25, 0, 0, 0, 1, 0);
      double dx = 1 / 32.0;
      double damping =
          1 / (1 + 4 * 0.1 / 40 / (dx * dx) * Math.pow(Math.sin(2 * Math.PI * dx / 2), 2));
      for (int at = 0; at < 31; at++) {
        assertThat((double) sample[INPUTS + at])
            .isCloseTo(Math.pow(damping, 25) * Math.sin(2 * Math.PI * (at + 1) * dx), within(1e-6));
      }
    }

    @Test
    void closeToTheTrueSolutionOfFineSteps() {
      HeatEquation equation = new HeatEquation(63, 2000);
      float[] sample = after(equation, 1000, 0, 0, 0, 1, 0);
      double truth = Math.exp(-0.1 * 4 * Math.PI * Math.PI * 0.5);
      assertThat((double) sample[INPUTS + 15]).isCloseTo(truth, within(0.005));
    }

    @Test
    void intoAStraightLineBetweenTheEndsInTheLongRun() {
      HeatEquation equation = new HeatEquation(9, 4);
      float[] sample = after(equation, 4000, -0.5, 0.5, 0.9, 0.3, 1);
      for (int at = 0; at < 9; at++) {
        assertThat((double) sample[INPUTS + at]).isCloseTo(-0.5 + (at + 1) / 10.0, within(1e-6));
      }
    }

    @Test
    void withoutPassingItsWarmestAndColdestPoint() {
      HeatEquation equation = new HeatEquation(32, 50);
      for (long number = 0; number < 200; number++) {
        Simulator.Run run = equation.start(5, number);
        float[] sample = new float[INPUTS + 32];
        for (int step = 0; step < 50; step++) {
          run.next(sample, 0);
          for (int at = 0; at < 32; at++) {
            assertThat(sample[INPUTS + at]).isBetween(-2f, 2f);
          }
        }
      }
    }
  }

  @Nested
  class DrawsParameters {
    @Test
    void evenlyFromTheirRanges() {
      HeatEquation equation = new HeatEquation(2, 1);
      int count = 20_000;
      double[] sums = new double[5];
      Set<Float> first = new HashSet<>();
      for (int number = 0; number < count; number++) {
        float[] sample = new float[INPUTS + 2];
        equation.start(5, number).next(sample, 0);
        first.add(sample[0]);
        for (int at = 0; at < 5; at++) {
          assertThat(sample[at]).isBetween(-1f, 1f);
          sums[at] += sample[at];
        }
      }
      assertThat(first).hasSizeGreaterThan(count - 100);
      for (double sum : sums) {
        // Deviation of the mean of a uniform number in ±1: 1 / √(3 count) = 0.0041.
        assertThat(sum / count).isCloseTo(0, within(0.02));
      }
    }

    @Test
    void bySeedAndNumberAlone() {
      HeatEquation equation = new HeatEquation(8, 5);
      float[] one = new float[INPUTS + 8];
      float[] other = new float[INPUTS + 8];
      equation.start(5, 17).next(one, 0);
      equation.start(5, 16).next(other, 0);
      assertThat(other).isNotEqualTo(one);
      equation.start(5, 17).next(other, 0);
      assertThat(other).isEqualTo(one);
    }
  }
}
