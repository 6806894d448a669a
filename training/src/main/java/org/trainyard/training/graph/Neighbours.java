package org.trainyard.training.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.FeedTechnique;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.graph.kernel.Graph;

/** Feeds nodes of a graph with what lies around them. */
@Card(
    name = "neighbours",
    what = "Hands out nodes of a graph with some of their neighbours, and of theirs, by chance.",
    how =
        """
        Reads the tables nodes and edges; every executor holds the graph, its features outside the heap. Rows \
        of features are read straight to where the engine uses them, on other threads than training, some \
        batches ahead. fan-out: [0, 0] takes all neighbours, and batch-size: 0 with it is full-batch \
        training. Held-out nodes are judged with all their neighbours.""",
    avoid =
        "Each further hop multiplies the nodes that a batch must read; lazy-layers reads one hop a"
            + " step.",
    papers = {
      "Inductive Representation Learning on Large Graphs (arXiv 1706.02216)",
      "Large Graph Convolutional Network Training with GPU-Oriented Data Communication Architecture"
          + " (arXiv 2103.03330)"
    })
public final class Neighbours implements FeedTechnique<Neighbours.Settings> {
  private static final int HELD_OUT_BATCH = 4096;

  /** Its settings. */
  public record Settings(
      @Setting(
              help =
                  "Neighbours drawn of a node at most, from the nodes to classify outward, one number"
                      + " for each graph convolution; 0: all.",
              standard = "[10, 10]")
          List<Integer> fanOut,
      @Setting(
              help = "Nodes of a batch; 0: all training nodes of a shard.",
              standard = "256",
              min = 0)
          int batchSize,
      @Setting(
              help = "Shards: what training hands to its workers; the same for every cluster.",
              standard = "1",
              min = 1,
              max = 100_000)
          int shards,
      @Setting(
              help =
                  "direct: rows are written once; staged: collected and copied, to compare with.",
              standard = "direct")
          Gather gather,
      @Setting(
              help = "Batches of a shard that are made ahead, beside training; 0: none.",
              standard = "2",
              min = 0,
              max = 1000)
          int ahead) {

    /** Checks the numbers of neighbours. */
    public Settings {
      fanOut = List.copyOf(fanOut);
      Check.require(!fanOut.isEmpty(), "fan-out", "must have a number for each graph convolution");
      for (int most : fanOut) {
        Check.require(most >= 0, "fan-out", "must not have numbers below 0, but has %d", most);
      }
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public FeedSource create(Settings settings) {
    return new Source(settings);
  }

  /** What a model is fitted to. */
  static DataFacts facts(Graph graph) {
    return new DataFacts(0, graph.classes(), List.of(graph.features().width()));
  }

  /** The held-out nodes with all that lies around them; empty if there are none. */
  static Optional<Feed> heldOut(Graph graph, int hops, int shards) {
    return graph.heldOut().length == 0
        ? Optional.empty()
        : Optional.of(
            new NodeFeed(
                graph,
                graph.heldOut(),
                new int[hops],
                HELD_OUT_BATCH,
                shards,
                Gather.DIRECT,
                0,
                0));
  }

  /** Every epoch holds all nodes that are trained on. */
  private static final String NODES = "training nodes";

  private record Source(Settings settings) implements FeedSource {
    @Override
    public List<Port> inputs() {
      return GraphReader.INPUTS;
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      Graph graph = GraphReader.read(spark, tables.get("nodes"), tables.get("edges"));
      int[] fanOut = settings.fanOut().stream().mapToInt(Integer::intValue).toArray();
      NodeFeed feed =
          new NodeFeed(
              graph,
              graph.training(),
              fanOut,
              settings.batchSize(),
              settings.shards(),
              settings.gather(),
              settings.ahead(),
              seed);
      long nodes = graph.training().length;
      return new Supply(
          feed,
          heldOut(graph, fanOut.length, settings.shards()),
          facts(graph),
          false,
          any -> new Epoch(nodes, nodes, nodes, NODES),
          done -> feed.figures());
    }
  }
}
