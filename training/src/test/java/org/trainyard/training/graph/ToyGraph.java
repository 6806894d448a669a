package org.trainyard.training.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.trainyard.pipeline.batch.GraphTables;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.graph.kernel.Adjacency;
import org.trainyard.training.graph.kernel.FeatureTable;
import org.trainyard.training.graph.kernel.Graph;

/**
 * A small graph in which node v has the class v mod {@value #CLASSES}, mostly neighbours of its own
 * class, and features that say little. Every third node is held out.
 */
@Card(name = "toy-graph", what = "Tables of a small graph, for tests.")
public final class ToyGraph implements JobTechnique<ToyGraph.Config> {
  static final int CLASSES = 3;
  static final int WIDTH = 5;

  /** Settings of {@code toy-graph}. */
  public record Config(
      @Setting(help = "Number of nodes.", standard = "150") int nodes,
      @Setting(help = "Partitions of the tables.", standard = "1") int partitions,
      @Setting(help = "What is wrong with it.", standard = "") String fault) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public Job create(Config settings) {
    return new ToyJob(settings);
  }

  /** The graph itself; its nodes are known as 100, 101, …. */
  static Graph graph(int nodes) {
    FeatureTable table = new FeatureTable(nodes, WIDTH);
    for (int node = 0; node < nodes; node++) {
      table.put(node, features(node));
    }
    int[] ends = edges(nodes).stream().flatMapToInt(Arrays::stream).toArray();
    return new Graph(
        IntStream.range(0, nodes).mapToLong(node -> 100 + node).toArray(),
        Adjacency.of(nodes, ends, ends.length / 2),
        table,
        IntStream.range(0, nodes).map(node -> node % CLASSES).toArray(),
        CLASSES,
        IntStream.range(0, nodes).filter(node -> node / CLASSES % 3 != 0).toArray(),
        IntStream.range(0, nodes).filter(node -> node / CLASSES % 3 == 0).toArray());
  }

  private static float[] features(int node) {
    SplittableRandom random = new SplittableRandom(node);
    float[] features = new float[WIDTH];
    for (int at = 0; at < WIDTH; at++) {
      features[at] = (float) (random.nextGaussian() + (at == node % CLASSES ? 1 : 0));
    }
    return features;
  }

  private static List<int[]> edges(int nodes) {
    SplittableRandom random = new SplittableRandom(7);
    List<int[]> edges = new ArrayList<>();
    for (int node = 0; node < nodes - 1; node++) {
      for (int more = 0; more < 3; more++) {
        int other = random.nextInt(nodes / CLASSES) * CLASSES + node % CLASSES;
        edges.add(new int[] {node, random.nextInt(8) == 0 ? random.nextInt(nodes) : other});
      }
    }
    // The last node stands alone.
    edges.removeIf(edge -> edge[1] >= nodes - 1);
    return edges;
  }

  private record ToyJob(Config settings) implements Job {
    @Override
    public List<Port> inputs() {
      return List.of();
    }

    @Override
    public List<Port> outputs() {
      return List.of(
          Port.table("nodes", GraphTables.NODES), Port.table("edges", GraphTables.EDGES));
    }

    @Override
    public void run(JobContext context) {
      int count = settings.nodes();
      List<Row> nodes = new ArrayList<>();
      for (int node = 0; node < count; node++) {
        boolean faulty = node == 4;
        nodes.add(
            RowFactory.create(
                100L + (faulty && is("twice") ? 3 : node),
                boxed(node, faulty && is("short") ? WIDTH - 1 : WIDTH),
                faulty && is("label") ? -1 : node % CLASSES,
                faulty && is("part")
                    ? "test"
                    : node / CLASSES % 3 == 0 ? GraphTables.HELD_OUT : GraphTables.TRAINING));
      }
      List<Row> edges = new ArrayList<>();
      for (int[] edge : edges(count)) {
        edges.add(RowFactory.create(100L + edge[0], 100L + edge[1]));
      }
      if (is("edge")) {
        edges.add(RowFactory.create(100L, 99L));
      }
      context.write("nodes", rows(context, nodes, GraphTables.NODES));
      context.write("edges", rows(context, edges, GraphTables.EDGES));
    }

    private Dataset<Row> rows(
        JobContext context, List<Row> rows, org.apache.spark.sql.types.StructType schema) {
      return context.spark().createDataFrame(rows, schema).repartition(settings.partitions());
    }

    private boolean is(String fault) {
      return settings.fault().equals(fault);
    }

    private static Float[] boxed(int node, int width) {
      float[] features = features(node);
      return IntStream.range(0, width).mapToObj(at -> features[at]).toArray(Float[]::new);
    }
  }
}
