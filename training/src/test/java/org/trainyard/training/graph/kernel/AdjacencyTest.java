package org.trainyard.training.graph.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who is whose neighbour")
class AdjacencyTest {

  private static int[] neighbours(Adjacency graph, int node) {
    return IntStream.range(0, graph.degree(node)).map(at -> graph.neighbour(node, at)).toArray();
  }

  @Test
  void isSeenFromBothEndsOnceAndNeverFromItself() {
    Adjacency graph = Adjacency.of(4, new int[] {2, 0, 0, 2, 1, 1, 0, 1, 9, 9}, 4);
    assertThat(neighbours(graph, 0)).containsExactly(1, 2);
    assertThat(neighbours(graph, 1)).containsExactly(0);
    assertThat(neighbours(graph, 2)).containsExactly(0);
    assertThat(neighbours(graph, 3)).isEmpty();
    assertThat(graph.nodes()).isEqualTo(4);
  }

  @Test
  void isTheSameForAnyOrderOfEdges() {
    Adjacency one = Adjacency.of(5, new int[] {0, 1, 3, 1, 1, 4}, 3);
    Adjacency other = Adjacency.of(5, new int[] {4, 1, 1, 0, 1, 3}, 3);
    for (int node = 0; node < 5; node++) {
      assertThat(neighbours(one, node)).isEqualTo(neighbours(other, node));
    }
  }
}
