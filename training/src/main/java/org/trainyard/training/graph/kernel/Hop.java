package org.trainyard.training.graph.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * From the nodes of one layer to those of the next: each of m rows takes a weighted mean of its own
 * node, which is input i for row i, and of some neighbours.
 *
 * <p>Row i is {@code own[i] · x[i] + (1 - own[i]) / k · (sum of its k neighbours)}. With {@code
 * own[i] = 1 / (degree + 1)} that is the mean over the node and all its neighbours if all are here,
 * and an unbiased estimate of it if k of them were drawn by chance.
 *
 * @param starts where the neighbours of each row begin, shape [m + 1]
 * @param inputs numbers of inputs that are neighbours, shape [starts[m]]
 * @param own share of the own node, shape [m]; 1 where there are no neighbours
 */
public record Hop(int[] starts, int[] inputs, float[] own) {

  /** Number of nodes that it leads to, m. */
  public int rows() {
    return own.length;
  }

  /** Multiply-adds of a mean, or of the way back, over vectors of a width. */
  public long multiplyAdds(int width) {
    return ((long) inputs.length + rows()) * width;
  }

  /**
   * Means.
   *
   * @param x at least as many rows as are numbered, shape […, width]
   * @return shape [m, width]
   */
  public float[] mean(float[] x, int width) {
    float[] means = new float[Math.multiplyExact(rows(), width)];
    for (int row = 0; row < rows(); row++) {
      add(x, row * width, means, row * width, width, own[row]);
      float share = share(row);
      for (int at = starts[row]; at < starts[row + 1]; at++) {
        add(x, inputs[at] * width, means, row * width, width, share);
      }
    }
    return means;
  }

  /** The same, of rows that are read where they lie, one at a time. */
  public float[] mean(FloatBuffer x, int width) {
    float[] means = new float[Math.multiplyExact(rows(), width)];
    float[] vector = new float[width];
    for (int row = 0; row < rows(); row++) {
      x.get(row * width, vector);
      add(vector, 0, means, row * width, width, own[row]);
      float share = share(row);
      for (int at = starts[row]; at < starts[row + 1]; at++) {
        x.get(inputs[at] * width, vector);
        add(vector, 0, means, row * width, width, share);
      }
    }
    return means;
  }

  /**
   * The way back: the transpose of {@link #mean}.
   *
   * @param slopes derivatives by the means, shape [m, width]
   * @param nodes number of inputs
   * @return derivatives by the inputs, shape [nodes, width]
   */
  public float[] back(float[] slopes, int width, int nodes) {
    float[] back = new float[Math.multiplyExact(nodes, width)];
    for (int row = 0; row < rows(); row++) {
      add(slopes, row * width, back, row * width, width, own[row]);
      float share = share(row);
      for (int at = starts[row]; at < starts[row + 1]; at++) {
        add(slopes, row * width, back, inputs[at] * width, width, share);
      }
    }
    return back;
  }

  private float share(int row) {
    return (1 - own[row]) / Math.max(1, starts[row + 1] - starts[row]);
  }

  private static void add(float[] from, int at, float[] into, int to, int width, float factor) {
    for (int j = 0; j < width; j++) {
      into[to + j] += factor * from[at + j];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hop that
        && Arrays.equals(starts, that.starts)
        && Arrays.equals(inputs, that.inputs)
        && Arrays.equals(own, that.own);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(inputs);
  }
}
