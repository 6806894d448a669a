package org.trainyard.training.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.training.graph.kernel.FeatureTable;

/**
 * Random rows of a feature table brought to memory outside the heap: directly; by way of a dense
 * array; and by way of an object a row and a dense array. Beside them the memory's speed when it is
 * copied from end to end, measured in the same run: a row that is gathered is read and written too.
 */
public final class GatherBenchmark implements Benchmark {
  private static final int ROWS = 500_000;
  private static final int WIDTH = 128;
  private static final int NODES = 50_000;
  private static final int TURNS = 15;

  @Override
  public String name() {
    return "gather";
  }

  @Override
  public String summary() {
    return "random rows of a feature table, read directly against collected, staged and copied";
  }

  @Override
  public List<Figure> run() {
    FeatureTable table = new FeatureTable(ROWS, WIDTH);
    float[] row = new float[WIDTH];
    for (int node = 0; node < ROWS; node++) {
      row[0] = node;
      table.put(node, row);
    }
    int[] nodes = new SplittableRandom(1).ints(NODES, 0, ROWS).toArray();
    FloatBuffer target = outside(NODES * WIDTH);
    float[] dense = new float[NODES * WIDTH];
    // In turns, so that what else runs on the machine meets all alike; the best turn counts.
    double direct = Double.POSITIVE_INFINITY;
    double staged = Double.POSITIVE_INFINITY;
    double collected = Double.POSITIVE_INFINITY;
    double copied = Double.POSITIVE_INFINITY;
    FloatBuffer from = outside(ROWS * WIDTH);
    FloatBuffer to = outside(ROWS * WIDTH);
    for (int turn = 0; turn < TURNS; turn++) {
      direct = Math.min(direct, seconds(() -> table.gather(nodes, NODES, target)));
      staged = Math.min(staged, seconds(() -> staged(table, nodes, dense, target)));
      collected = Math.min(collected, seconds(() -> collected(table, nodes, dense, target)));
      copied = Math.min(copied, seconds(() -> to.put(0, from, 0, ROWS * WIDTH)));
    }
    double bytes = (double) NODES * WIDTH * Float.BYTES;
    double bandwidth = (double) ROWS * WIDTH * Float.BYTES / copied;
    return List.of(
        Figure.shown("direct_rows_per_second", NODES / direct),
        Figure.shown("direct_gigabytes_per_second", bytes / direct / 1e9),
        Figure.shown("staged_gigabytes_per_second", bytes / staged / 1e9),
        Figure.shown("collected_rows_per_second", NODES / collected),
        Figure.shown("collected_gigabytes_per_second", bytes / collected / 1e9),
        Figure.shown("copy_gigabytes_per_second", bandwidth / 1e9),
        Figure.shown("direct_share_of_copy_speed", bytes / direct / bandwidth),
        Figure.atLeast("direct_speedup_over_staged", staged / direct, 1.2),
        Figure.atLeast("direct_speedup_over_collected", collected / direct, 2));
  }

  private static FloatBuffer outside(int values) {
    return ByteBuffer.allocateDirect(values * Float.BYTES + FeatureTable.LINE)
        .alignedSlice(FeatureTable.LINE)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static void staged(FeatureTable table, int[] nodes, float[] dense, FloatBuffer target) {
    table.gather(nodes, NODES, dense);
    target.put(0, dense, 0, dense.length);
  }

  private static void collected(
      FeatureTable table, int[] nodes, float[] dense, FloatBuffer target) {
    List<float[]> rows = new ArrayList<>(NODES);
    for (int node : nodes) {
      float[] row = new float[WIDTH];
      table.row(node, row, 0);
      rows.add(row);
    }
    for (int at = 0; at < NODES; at++) {
      System.arraycopy(rows.get(at), 0, dense, at * WIDTH, WIDTH);
    }
    target.put(0, dense, 0, dense.length);
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
