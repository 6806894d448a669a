package org.trainyard.training.graph.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a network must read to classify some nodes: as many hops as it has layers. A node that is
 * met more than once is here once.
 *
 * @param nodes numbers of all nodes that are met: first those to classify, then their neighbours,
 *     then theirs; each hop's rows are the first so many of them
 * @param hops in the order of the layers: the first reads features, the last leads to the nodes to
 *     classify
 * @see <a href="https://arxiv.org/abs/1706.02216">Inductive Representation Learning on Large
 *     Graphs</a>
 */
public record Neighbourhood(int[] nodes, List<Hop> hops) {

  /**
   * Draws neighbours, those of a node without repetition.
   *
   * @param targets nodes to classify, each once
   * @param fanOut neighbours drawn of a node at most, from the targets outward; 0 for all
   * @param seed of the draws
   */
  public static Neighbourhood around(Adjacency graph, int[] targets, int[] fanOut, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Hop> hops = new ArrayList<>();
    int[] nodes = targets;
    for (int most : fanOut) {
      NodeNumbers numbers = new NodeNumbers(nodes);
      hops.add(hop(graph, nodes, most == 0 ? Integer.MAX_VALUE : most, numbers, random));
      nodes = numbers.met();
    }
    Collections.reverse(hops);
    return new Neighbourhood(nodes, List.copyOf(hops));
  }

  private static Hop hop(
      Adjacency graph, int[] nodes, int most, NodeNumbers numbers, SplittableRandom random) {
    int[] starts = new int[nodes.length + 1];
    float[] own = new float[nodes.length];
    for (int row = 0; row < nodes.length; row++) {
      int degree = graph.degree(nodes[row]);
      starts[row + 1] = Math.addExact(starts[row], Math.min(degree, most));
      own[row] = 1f / (degree + 1);
    }
    int[] inputs = new int[starts[nodes.length]];
    for (int row = 0; row < nodes.length; row++) {
      int from = starts[row];
      int drawn = starts[row + 1] - from;
      int degree = graph.degree(nodes[row]);
      for (int at = 0; at < drawn; at++) {
        int index = degree <= most ? at : draw(inputs, from, at, degree - drawn + at, random);
        inputs[from + at] = index;
      }
      for (int at = from; at < starts[row + 1]; at++) {
        inputs[at] = numbers.of(graph.neighbour(nodes[row], inputs[at]));
      }
    }
    return new Hop(starts, inputs, own);
  }

  /** Floyd's way: {@code last} stands in for an index that was drawn before. */
  private static int draw(int[] drawn, int from, int count, int last, SplittableRandom random) {
    int index = random.nextInt(last + 1);
    for (int at = from; at < from + count; at++) {
      if (drawn[at] == index) {
        return last;
      }
    }
    return index;
  }
}
