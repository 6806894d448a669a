package org.trainyard.training.graph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.training.graph.kernel.FeatureTable;

/** How rows of features come from the table to the memory of a batch. */
public enum Gather {
  /** Each value is written once, to where the engine reads it. */
  DIRECT,
  /** Rows are collected as objects, staged in a dense array and copied: to compare with. */
  STAGED;

  /** Times that each value is written before it is used. */
  int copies() {
    return this == DIRECT ? 1 : 3;
  }

  /**
   * Features of nodes.
   *
   * @return little-endian, shape [nodes, width]
   */
  ByteBuffer rows(FeatureTable table, int[] nodes) {
    ByteBuffer memory = GraphFields.memory(nodes.length, table.width());
    if (this == DIRECT) {
      table.gather(nodes, nodes.length, memory.asFloatBuffer());
    } else {
      memory.asFloatBuffer().put(staged(table, nodes));
    }
    return memory;
  }

  private static float[] staged(FeatureTable table, int[] nodes) {
    int width = table.width();
    List<float[]> collected = new ArrayList<>(nodes.length);
    for (int node : nodes) {
      float[] row = new float[width];
      table.row(node, row, 0);
      collected.add(row);
    }
    float[] dense = new float[Math.multiplyExact(nodes.length, width)];
    for (int at = 0; at < nodes.length; at++) {
      System.arraycopy(collected.get(at), 0, dense, at * width, width);
    }
    return dense;
  }
}
