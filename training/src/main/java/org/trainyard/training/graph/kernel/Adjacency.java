package org.trainyard.training.graph.kernel;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Who is whose neighbour, in compressed rows: those of node v are {@code neighbours[starts[v]]} to
 * {@code neighbours[starts[v + 1] - 1]}, ascending. Undirected; no node is its own neighbour.
 */
public final class Adjacency implements Serializable {
  private static final long serialVersionUID = 1;
  private final int[] starts;
  private final int[] neighbours;

  private Adjacency(int[] starts, int[] neighbours) {
    this.starts = starts;
    this.neighbours = neighbours;
  }

  /**
   * Of edges in any order. Edges that are repeated, in either direction, and those from a node to
   * itself count once and not at all.
   *
   * @param nodes number of nodes
   * @param ends the two ends of each edge, one edge after the other, each 0 to nodes - 1
   * @param edges number of edges: the first {@code 2 · edges} ends are read
   */
  public static Adjacency of(int nodes, int[] ends, int edges) {
    int[] next = new int[nodes + 1];
    for (int at = 0; at < 2 * edges; at++) {
      next[ends[at] + 1]++;
    }
    for (int node = 0; node < nodes; node++) {
      next[node + 1] = Math.addExact(next[node + 1], next[node]);
    }
    int[] first = next.clone();
    int[] all = new int[2 * edges];
    for (int at = 0; at < 2 * edges; at++) {
      all[next[ends[at]]++] = ends[at ^ 1];
    }
    int[] starts = new int[nodes + 1];
    int kept = 0;
    for (int node = 0; node < nodes; node++) {
      starts[node] = kept;
      Arrays.sort(all, first[node], first[node + 1]);
      for (int at = first[node]; at < first[node + 1]; at++) {
        boolean repeated = at > first[node] && all[at] == all[at - 1];
        if (!repeated && all[at] != node) {
          all[kept++] = all[at];
        }
      }
    }
    starts[nodes] = kept;
    return new Adjacency(starts, Arrays.copyOf(all, kept));
  }

  /** Number of nodes. */
  public int nodes() {
    return starts.length - 1;
  }

  /** Number of neighbours of a node. */
  public int degree(int node) {
    return starts[node + 1] - starts[node];
  }

  /**
   * One of a node's neighbours.
   *
   * @param index 0 to degree - 1
   */
  public int neighbour(int node, int index) {
    return neighbours[starts[node] + index];
  }
}
