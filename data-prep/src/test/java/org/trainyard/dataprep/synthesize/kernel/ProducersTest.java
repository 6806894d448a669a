package org.trainyard.dataprep.synthesize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Producers")
class ProducersTest {
  private static final HeatEquation RODS = new HeatEquation(4, 7);
  private static final int WIDTH = Producers.width(RODS);
  private static final long SEED = 11;

  private static float[] samples(ProducerThread producers, int count) {
    float[] samples = new float[count * WIDTH];
    for (int at = 0; at < count; at++) {
      producers.take(samples, at * WIDTH);
    }
    return samples;
  }

  private static ProducerThread producers(Numbering numbering, long from, int ahead) {
    return new ProducerThread(new Producers(RODS, numbering, SEED, from), WIDTH, ahead);
  }

  @Nested
  class SendEverySample {
    @Test
    void ofOneStepOfOneSimulationAtMostOnce() {
      Set<String> places = new HashSet<>();
      for (int shard = 0; shard < 3; shard++) {
        Numbering numbering = new Numbering(7, 4, shard, 3);
        for (long sample = 0; sample < 1000; sample++) {
          places.add(numbering.simulation(sample) + "#" + numbering.step(sample));
        }
      }
      assertThat(places).hasSize(3000);
    }

    @Test
    void atAnotherStageThanItsNeighbours() {
      Numbering numbering = new Numbering(100, 4, 0, 1);
      assertThat(IntStream.range(0, 4).boxed())
          .extracting(sample -> numbering.step(sample))
          .containsExactly(0, 25, 50, 75);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 29, 500})
  void canStartAtAnySample(long from) {
    Numbering numbering = new Numbering(7, 4, 1, 2);
    ProducerThread whole = producers(numbering, 0, 0);
    samples(whole, (int) from);
    assertThat(samples(producers(numbering, from, 0), 60)).isEqualTo(samples(whole, 60));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64})
  void sendTheSameFromAThreadThatStopsNowAndThen(int ahead) {
    Numbering numbering = new Numbering(7, 4, 1, 2);
    float[] expected = samples(producers(numbering, 0, 0), 90);
    ProducerThread thread = producers(numbering, 0, ahead);
    float[] samples = new float[90 * WIDTH];
    for (int at = 0; at < 90; at++) {
      thread.take(samples, at * WIDTH);
      if (at % 20 == 0) {
        thread.pause();
      }
    }
    thread.pause();
    assertThat(samples).isEqualTo(expected);
  }

  @Test
  void makeTheSamplesOfAReservoirAgain() {
    Numbering numbering = new Numbering(7, 4, 0, 1);
    ReservoirCourse course = new ReservoirCourse(40, 20, 3, 8, 5);
    ProducerThread producers = producers(numbering, 0, 0);
    float[] samples = new float[40 * WIDTH];
    int[] slots = new int[8];
    for (int batch = 0; batch < 100; batch++) {
      course.batch(slots, slot -> producers.take(samples, slot * WIDTH));
    }
    float[] again = new float[40 * WIDTH];
    Producers.remake(RODS, numbering, SEED, course.reservoir(), again);
    assertThat(again).isEqualTo(samples);
  }

  @Test
  void tellWhoTakesFromThemThatASimulationFailed() {
    Simulator broken =
        new Simulator() {
          private static final long serialVersionUID = 1;

          @Override
          public int inputs() {
            return 1;
          }

          @Override
          public int targets() {
            return 1;
          }

          @Override
          public int steps() {
            return 5;
          }

          @Override
          public Run start(long seed, long number) {
            return (sample, at) -> {
              throw new IllegalStateException("the mesh is torn");
            };
          }
        };
    Producers producers = new Producers(broken, new Numbering(5, 1, 0, 1), SEED, 0);
    ProducerThread thread = new ProducerThread(producers, 2, 4);
    assertThatThrownBy(() -> thread.take(new float[2], 0)).hasMessageContaining("mesh is torn");
    thread.pause();
  }
}
