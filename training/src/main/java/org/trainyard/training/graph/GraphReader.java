package org.trainyard.training.graph;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.GraphTables;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.training.graph.kernel.Adjacency;
import org.trainyard.training.graph.kernel.FeatureTable;
import org.trainyard.training.graph.kernel.Graph;

/** Reads a graph from its two tables into the driver, a partition at a time. */
final class GraphReader {
  /** Inputs of a step that trains on a graph. */
  static final List<Port> INPUTS =
      List.of(Port.table("nodes", GraphTables.NODES), Port.table("edges", GraphTables.EDGES));

  /** It travels to each executor in one piece, which the JVM limits to 2 GiB. */
  private static final long MOST_BYTES = 2_000_000_000L;

  private final Table nodes;
  private final Table edges;
  private final int count;
  private final long[] ids;
  private final int[] labels;
  private final boolean[] heldOut;

  private GraphReader(Table nodes, Table edges) {
    this.nodes = nodes;
    this.edges = edges;
    requireRoom(1);
    this.count = (int) nodes.rows();
    if (count == 0) {
      throw new DataException("%s has no nodes. Give it at least one".formatted(nodes.version()));
    }
    this.ids = new long[count];
    this.labels = new int[count];
    this.heldOut = new boolean[count];
  }

  /**
   * Reads.
   *
   * @throws DataException naming the node or edge at fault
   */
  static Graph read(SparkSession spark, Table nodes, Table edges) {
    return new GraphReader(nodes, edges).read(spark);
  }

  private Graph read(SparkSession spark) {
    FeatureTable features = features(spark);
    return new Graph(
        ids,
        adjacency(spark),
        features,
        labels,
        1 + IntStream.of(labels).max().orElseThrow(),
        IntStream.range(0, count).filter(node -> !heldOut[node]).toArray(),
        IntStream.range(0, count).filter(node -> heldOut[node]).toArray());
  }

  private FeatureTable features(SparkSession spark) {
    Iterator<Row> rows =
        nodes
            .read(spark)
            .select(GraphTables.NODE, GraphTables.FEATURES, GraphTables.LABEL, GraphTables.PART)
            .orderBy(col(GraphTables.NODE))
            .toLocalIterator();
    FeatureTable table = null;
    float[] vector = {};
    for (int node = 0; node < count; node++) {
      Row row = rows.next();
      if (row.anyNull()) {
        throw fault(row.get(0), "has a column without a value. Leave the node out or fill it");
      }
      ids[node] = row.getLong(0);
      if (node > 0 && ids[node] == ids[node - 1]) {
        throw fault(ids[node], "is there twice. Keep one of its rows");
      }
      List<Float> values = row.getList(1);
      if (table == null) {
        requireRoom(values.size());
        vector = new float[values.size()];
        table = new FeatureTable(count, vector.length);
      }
      if (values.size() != vector.length) {
        throw fault(
            ids[node],
            "has %d features, but node %d has %d. Give all as many"
                .formatted(values.size(), ids[0], vector.length));
      }
      for (int at = 0; at < vector.length; at++) {
        if (values.get(at) == null) {
          throw fault(ids[node], "lacks feature %d. Fill it".formatted(at));
        }
        vector[at] = values.get(at);
      }
      table.put(node, vector);
      labels[node] = row.getInt(2);
      if (labels[node] < 0) {
        throw fault(ids[node], "has the label %d. Number classes from 0".formatted(labels[node]));
      }
      heldOut[node] = heldOut(ids[node], row.getString(3));
    }
    return table;
  }

  private boolean heldOut(long id, String part) {
    return switch (part) {
      case GraphTables.HELD_OUT -> true;
      case GraphTables.TRAINING -> false;
      default ->
          throw fault(
              id,
              "has the part '%s'. Write %s or %s"
                  .formatted(part, GraphTables.TRAINING, GraphTables.HELD_OUT));
    };
  }

  private Adjacency adjacency(SparkSession spark) {
    int[] ends = new int[Math.toIntExact(2 * edges.rows())];
    int at = 0;
    Iterator<Row> rows =
        edges.read(spark).select(GraphTables.SOURCE, GraphTables.TARGET).toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      ends[at++] = number(row, 0);
      ends[at++] = number(row, 1);
    }
    return Adjacency.of(count, ends, at / 2);
  }

  private int number(Row edge, int end) {
    int number = edge.isNullAt(end) ? -1 : Arrays.binarySearch(ids, edge.getLong(end));
    if (number < 0) {
      throw new DataException(
          "%s: the edge from %s to %s ends at a node that %s does not have. Leave the edge out or add the node"
              .formatted(edges.version(), edge.get(0), edge.get(1), nodes.version()));
    }
    return number;
  }

  private void requireRoom(int width) {
    long bytes = nodes.rows() * (width + 4L) * Float.BYTES + edges.rows() * 2 * Integer.BYTES;
    if (bytes > MOST_BYTES) {
      throw new DataException(
          "%s: %d nodes of %d features and %d edges take %d bytes, but a graph to train on may take %d. Take fewer features, or a part of the graph"
              .formatted(nodes.version(), nodes.rows(), width, edges.rows(), bytes, MOST_BYTES));
    }
  }

  private DataException fault(Object id, String what) {
    return new DataException("%s: node %s %s".formatted(nodes.version(), id, what));
  }
}
