package org.trainyard.training.graph.kernel;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A table of features outside the heap, a row a node, from which rows are read by index straight to
 * where they are used. Each row begins on a border of {@value #LINE} bytes, so that it touches as
 * few cache lines as it can and shares none with another.
 *
 * <p>Memory: rows × (width × 4 bytes, rounded up to {@value #LINE}). Rows are read by any number of
 * threads once they are written.
 *
 * @see <a href="https://arxiv.org/abs/2103.03330">Large Graph Convolutional Network Training with
 *     GPU-Oriented Data Communication Architecture</a>
 */
public final class FeatureTable implements Serializable {
  private static final long serialVersionUID = 1;

  /** Bytes of a cache line. */
  public static final int LINE = 64;

  private static final int CHUNK_BYTES = 1 << 28;
  private final int rows;
  private final int width;
  private final int stride;
  private final int rowsOfChunk;
  private final transient FloatBuffer[] chunks;

  /**
   * @param rows number of nodes
   * @param width features of a node, at least 1
   */
  public FeatureTable(int rows, int width) {
    if (rows < 0 || width < 1 || width > CHUNK_BYTES / Float.BYTES) {
      throw new IllegalArgumentException(
          "A feature table cannot have %d rows of %d features".formatted(rows, width));
    }
    this.rows = rows;
    this.width = width;
    int lines = (width * Float.BYTES + LINE - 1) / LINE;
    this.stride = lines * LINE / Float.BYTES;
    this.rowsOfChunk = Math.max(1, CHUNK_BYTES / (stride * Float.BYTES));
    this.chunks = new FloatBuffer[(int) (((long) rows + rowsOfChunk - 1) / rowsOfChunk)];
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      int own = Math.min(rowsOfChunk, rows - chunk * rowsOfChunk);
      int bytes = own * stride * Float.BYTES;
      // The limit takes away the line to spare, which reads as a row that does not exist.
      chunks[chunk] =
          ByteBuffer.allocateDirect(bytes + LINE)
              .alignedSlice(LINE)
              .limit(bytes)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
  }

  /** Number of nodes. */
  public int rows() {
    return rows;
  }

  /** Features of a node. */
  public int width() {
    return width;
  }

  /** Bytes that it holds, padding included. */
  public long bytes() {
    return (long) rows * stride * Float.BYTES;
  }

  /** Cache lines that a row touches. */
  public int linesOfRow() {
    return stride * Float.BYTES / LINE;
  }

  /**
   * Writes a row.
   *
   * @param features shape [width]
   */
  public void put(int node, float[] features) {
    chunk(node).put(at(node), features, 0, width);
  }

  /**
   * Reads a row.
   *
   * @param into receives the features from {@code at} on
   */
  public void row(int node, float[] into, int at) {
    chunk(node).get(at(node), into, at, width);
  }

  /**
   * Reads rows one after the other to where they are used: each value is written once.
   *
   * @param nodes which rows, in this order; the first {@code count} are read
   * @param into receives them, shape [count, width]
   */
  public void gather(int[] nodes, int count, float[] into) {
    for (int at = 0; at < count; at++) {
      int node = nodes[at];
      chunk(node).get(at(node), into, at * width, width);
    }
  }

  /**
   * Reads rows to memory outside the heap, such as that of an engine.
   *
   * @param into receives them from its start on, shape [count, width]
   */
  public void gather(int[] nodes, int count, FloatBuffer into) {
    for (int at = 0; at < count; at++) {
      int node = nodes[at];
      into.put(at * width, chunk(node), at(node), width);
    }
  }

  private FloatBuffer chunk(int node) {
    return chunks[node / rowsOfChunk];
  }

  private int at(int node) {
    return node % rowsOfChunk * stride;
  }

  private Object writeReplace() {
    float[][] values = new float[rows][width];
    for (int node = 0; node < rows; node++) {
      row(node, values[node], 0);
    }
    return new Packed(rows, width, values);
  }

  /** What travels: size and values, without the padding. */
  private record Packed(int rows, int width, float[][] values) implements Serializable {
    private Object readResolve() {
      FeatureTable table = new FeatureTable(rows, width);
      for (int node = 0; node < rows; node++) {
        table.put(node, values[node]);
      }
      return table;
    }
  }
}
