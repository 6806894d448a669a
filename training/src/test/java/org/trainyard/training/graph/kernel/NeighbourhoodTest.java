package org.trainyard.training.graph.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A neighbourhood")
class NeighbourhoodTest {
  private static final int NODES = 60;
  private static final Adjacency GRAPH =
      Adjacency.of(NODES, new SplittableRandom(3).ints(600, 0, NODES - 1).toArray(), 300);

  private static Neighbourhood around(int[] targets, int... fanOut) {
    return Neighbourhood.around(GRAPH, targets, fanOut, 5);
  }

  @Nested
  class OfDrawnNeighbours {
    @Test
    void meetsEveryNodeOnceThoseToClassifyFirst() {
      int[] targets = {7, 59, 3};
      Neighbourhood drawn = around(targets, 4, 3);
      assertThat(drawn.nodes()).startsWith(targets).doesNotHaveDuplicates();
      assertThat(drawn.hops()).hasSize(2);
      assertThat(drawn.hops().get(1).rows()).isEqualTo(3);
    }

    @Test
    void takesAsManyAsAskedForWithoutRepetitionAndOnlyTrueOnes() {
      int[] targets = {0, 10, 20, 30};
      Neighbourhood drawn = around(targets, 4, 3);
      int[] asked = {3, 4};
      for (int layer = 0; layer < 2; layer++) {
        Hop hop = drawn.hops().get(layer);
        for (int row = 0; row < hop.rows(); row++) {
          int node = drawn.nodes()[row];
          Set<Integer> found = new HashSet<>();
          for (int at = hop.starts()[row]; at < hop.starts()[row + 1]; at++) {
            int neighbour = drawn.nodes()[hop.inputs()[at]];
            assertThat(found.add(neighbour)).isTrue();
            assertThat(neighbours(node)).contains(neighbour);
          }
          assertThat(found).hasSize(Math.min(asked[layer], GRAPH.degree(node)));
        }
      }
    }

    @Test
    void followsFromTheSeedAlone() {
      int[] targets = {1, 2, 3};
      assertThat(around(targets, 2, 2).hops()).isEqualTo(around(targets, 2, 2).hops());
      assertThat(Neighbourhood.around(GRAPH, targets, new int[] {2, 2}, 6).hops())
          .isNotEqualTo(around(targets, 2, 2).hops());
    }

    /** Standard error of the mean of 20,000 draws: below 0.6 / sqrt(20,000) = 0.0043. */
    @Test
    void estimatesTheMeanOverAllWithoutBias() {
      int node = 11;
      double sum = 0;
      int draws = 20_000;
      for (int seed = 0; seed < draws; seed++) {
        Neighbourhood drawn =
            Neighbourhood.around(GRAPH, new int[] {node}, new int[] {2}, seed * 77L);
        float[] x = new float[drawn.nodes().length];
        for (int at = 0; at < x.length; at++) {
          x[at] = value(drawn.nodes()[at]);
        }
        sum += drawn.hops().get(0).mean(x, 1)[0];
      }
      assertThat(sum / draws).isCloseTo(mean(node), within(0.02));
    }

    @Test
    void isRightForMoreNodesThanItHasRoomForAtFirst() {
      int many = 5000;
      int[] star = new int[2 * many];
      Arrays.setAll(star, at -> at % 2 == 0 ? 0 : at / 2 + 1);
      Adjacency graph = Adjacency.of(many + 1, star, many);
      Neighbourhood all = Neighbourhood.around(graph, new int[] {0}, new int[] {0, 0}, 1);
      assertThat(all.nodes()).hasSize(many + 1).doesNotHaveDuplicates();
    }
  }

  @Nested
  class OfAllNeighbours {
    @Test
    void takesTheMeanOverANodeAndThem() {
      int[] targets = {5, 59};
      Neighbourhood all = around(targets, 0);
      float[] x = new float[all.nodes().length];
      for (int at = 0; at < x.length; at++) {
        x[at] = value(all.nodes()[at]);
      }
      float[] means = all.hops().get(0).mean(x, 1);
      assertThat((double) means[0]).isCloseTo(mean(5), within(1e-6));
      // Node 59 has no neighbours.
      assertThat(means[1]).isEqualTo(value(59));
    }
  }

  @Nested
  class OnItsWayBack {
    @Test
    void isTheTransposeOfTheMean() {
      Neighbourhood drawn = around(new int[] {4, 8, 15, 16}, 3);
      Hop hop = drawn.hops().get(0);
      int width = 2;
      SplittableRandom random = new SplittableRandom(1);
      float[] x = random(random, drawn.nodes().length * width);
      float[] g = random(random, hop.rows() * width);
      assertThat(dot(hop.mean(x, width), g))
          .isCloseTo(dot(x, hop.back(g, width, drawn.nodes().length)), within(1e-5));
    }

    private static float[] random(SplittableRandom random, int length) {
      float[] values = new float[length];
      for (int at = 0; at < length; at++) {
        values[at] = (float) random.nextGaussian();
      }
      return values;
    }

    private static double dot(float[] one, float[] other) {
      double sum = 0;
      for (int at = 0; at < one.length; at++) {
        sum += (double) one[at] * other[at];
      }
      return sum;
    }
  }

  private static Set<Integer> neighbours(int node) {
    Set<Integer> neighbours = new HashSet<>();
    for (int at = 0; at < GRAPH.degree(node); at++) {
      neighbours.add(GRAPH.neighbour(node, at));
    }
    return neighbours;
  }

  private static float value(int node) {
    return (float) Math.sin(node);
  }

  private static double mean(int node) {
    double sum = value(node);
    for (int neighbour : neighbours(node)) {
      sum += value(neighbour);
    }
    return sum / (neighbours(node).size() + 1);
  }
}
