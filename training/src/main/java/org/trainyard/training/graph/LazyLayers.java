package org.trainyard.training.graph;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.FeedSource;
import org.trainyard.pipeline.batch.FeedTechnique;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.graph.kernel.Graph;

/** Trains one layer of a graph network at a time, the others from caches. */
@Card(
    name = "lazy-layers",
    what =
        "Sweeps over the layers of a graph network: each step updates one layer, what the others gave"
            + " comes from caches that are refreshed once an epoch.",
    how =
        """
        An epoch takes the derivatives by every layer's output once, then goes through all nodes of the first \
        graph convolution, of the second, …, and of the classes, with those derivatives held still; after \
        each sweep the layer's outputs are refreshed. No step reads beyond its own rows, however deep the \
        network. Mode local, and local-steps at least the batches of an epoch (1000000 will do): an \
        epoch is a round.""",
    avoid =
        "Derivatives are up to an epoch old: high rates drift. Several shards average whole epochs.",
    papers = "IGLU: Efficient GCN Training via Lazy Updates (arXiv 2109.13995)")
public final class LazyLayers implements FeedTechnique<LazyLayers.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "Graph convolutions of the network.", standard = "2", min = 1, max = 1000)
          int layers,
      @Setting(help = "Rows of a batch.", standard = "256", min = 1) int batchSize,
      @Setting(
              help = "Shards: what training hands to its workers; the same for every cluster.",
              standard = "1",
              min = 1,
              max = 100_000)
          int shards) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public FeedSource create(Settings settings) {
    return new Source(settings);
  }

  /** Every epoch holds all nodes that are trained on, once for each layer. */
  private static final String NODES = "training nodes of all layers";

  private record Source(Settings settings) implements FeedSource {
    @Override
    public List<Port> inputs() {
      return GraphReader.INPUTS;
    }

    @Override
    public Supply open(SparkSession spark, Map<String, Table> tables, long seed, int epochs) {
      Graph graph = GraphReader.read(spark, tables.get("nodes"), tables.get("edges"));
      LazyFeed feed =
          new LazyFeed(graph, settings.layers(), settings.batchSize(), settings.shards(), seed);
      long examples = feed.examples();
      return new Supply(
          feed,
          Neighbours.heldOut(graph, settings.layers(), settings.shards()),
          Neighbours.facts(graph),
          false,
          any -> new Epoch(examples, examples, examples, NODES, true),
          done -> new TreeMap<>());
    }
  }
}
