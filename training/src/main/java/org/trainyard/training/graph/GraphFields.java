package org.trainyard.training.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.training.graph.kernel.Hop;

/**
 * How a neighbourhood lies in a batch. All its fields are shared by the examples, which are the
 * first rows of the last hop.
 *
 * <ul>
 *   <li>{@code features} FLOAT32 [m, width], of all nodes that are met
 *   <li>{@code hop-0-starts} INT32 [r + 1], {@code hop-0-inputs} INT32, {@code hop-0-own} FLOAT32
 *       [r]: as {@link Hop}, and so on for each layer
 * </ul>
 */
final class GraphFields {
  /** Features of all nodes of the neighbourhood. */
  static final String FEATURES = "features";

  private GraphFields() {}

  private static String name(int hop, String part) {
    return "hop-" + hop + "-" + part;
  }

  /** Memory for features, which a table is gathered into. */
  static ByteBuffer memory(int nodes, int width) {
    return ByteBuffer.allocate(Math.multiplyExact(Math.multiplyExact(nodes, width), Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fields of a neighbourhood. */
  static List<Tensor> shared(ByteBuffer features, int width, List<Hop> hops) {
    List<Tensor> fields = new ArrayList<>();
    int nodes = features.capacity() / Float.BYTES / width;
    fields.add(new Tensor(FEATURES, Tensor.Type.FLOAT32, new int[] {nodes, width}, features));
    for (int at = 0; at < hops.size(); at++) {
      Hop hop = hops.get(at);
      fields.add(ints(name(at, "starts"), hop.starts()));
      fields.add(ints(name(at, "inputs"), hop.inputs()));
      fields.add(Tensor.ofFloats(name(at, "own"), new int[] {hop.rows()}, hop.own()));
    }
    return fields;
  }

  /** A field of a number for each row. */
  static Tensor ints(String name, int... values) {
    return Tensor.ofInts(name, new int[] {values.length}, values);
  }

  /**
   * The hops of a batch.
   *
   * @param count graph convolutions of the network
   * @throws DataException if the batch has none, or another number of them
   */
  static List<Hop> hops(Batch batch, int count) {
    if (!batch.has(FEATURES)) {
      throw new DataException(
          "These batches hold no graph, but the network reads one. Set feed: neighbours or lazy-layers"
              + " in the train step");
    }
    List<Hop> hops = new ArrayList<>();
    while (batch.has(name(hops.size(), "own"))) {
      int at = hops.size();
      hops.add(
          new Hop(
              ints(batch.tensor(name(at, "starts"))),
              ints(batch.tensor(name(at, "inputs"))),
              floats(batch.tensor(name(at, "own")))));
    }
    if (hops.size() != count) {
      throw new DataException(
          "The feed reads neighbours over %d hops, but the network has %d graph convolutions. Give fan-out (or layers) of the feed as many as widths of the model"
              .formatted(hops.size(), count));
    }
    return hops;
  }

  /** The numbers of a field. */
  static int[] ints(Tensor tensor) {
    IntBuffer from = tensor.ints();
    int[] values = new int[from.remaining()];
    from.get(values);
    return values;
  }

  private static float[] floats(Tensor tensor) {
    FloatBuffer from = tensor.floats();
    float[] values = new float[from.remaining()];
    from.get(values);
    return values;
  }
}
