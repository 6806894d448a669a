package org.trainyard.dataprep.synthesize;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.trainyard.dataprep.synthesize.kernel.BlockModel;
import org.trainyard.pipeline.batch.GraphTables;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A made-up graph whose classes are to be found. */
@Card(
    name = "stochastic-block-model",
    what = "Makes up a graph of classes with features and labels, to try graph networks on.",
    how =
        """
        Two tables, as a graph of your own would have them: nodes (node, features, label, part) and edges \
        (source, target). The larger `signal` is, and `within` against `between`, the easier the classes are \
        told apart. Wrong labels are those of training nodes only, so that accuracy is judged by the truth.""",
    avoid = "Real graphs have hubs and long tails; here all degrees are alike.",
    papers = "Holland, Laskey and Leinhardt 1983, Stochastic blockmodels: First steps")
public final class StochasticBlockModel implements JobTechnique<StochasticBlockModel.Settings> {
  /** Output: the nodes. */
  static final String NODES = "nodes";

  /** Output: the edges. */
  static final String EDGES = "edges";

  private static final int PART = 0;
  private static final int WRONG = 1;
  private static final int WHICH = 2;

  /** Its settings. */
  public record Settings(
      @Setting(help = "Number of nodes.", standard = "5000", min = 2) long nodes,
      @Setting(help = "Number of classes.", standard = "8", min = 2, max = 65536) int classes,
      @Setting(
              help = "Expected neighbours of a node in its own class.",
              standard = "10",
              min = 0,
              max = 500)
          double within,
      @Setting(
              help = "Expected neighbours of a node in all other classes.",
              standard = "10",
              min = 0,
              max = 500)
          double between,
      @Setting(help = "Features of a node.", standard = "64", min = 1, max = 65536) int width,
      @Setting(
              help =
                  "Half the range of a class's mean features, in standard deviations of a node's"
                      + " noise.",
              standard = "0.2",
              min = 0)
          double signal,
      @Setting(help = "Share of nodes that are held out.", standard = "0.5", min = 0, max = 1)
          double heldOut,
      @Setting(
              help = "Share of training nodes whose label is a wrong one.",
              standard = "0.1",
              min = 0,
              max = 1)
          double labelNoise,
      @Setting(help = "Decides everything.") long seed)
      implements Serializable {

    /** Checks that every class has a node. */
    public Settings {
      Check.require(
          classes <= nodes, "classes", "must be at most nodes (%d), but is %d", nodes, classes);
    }

    private BlockModel model() {
      return new BlockModel(nodes, classes, within, between, width, signal, seed);
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Drawing(settings);
  }

  private record Drawing(Settings settings) implements Job {
    @Override
    public List<Port> inputs() {
      return List.of();
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.table(NODES, GraphTables.NODES), Port.table(EDGES, GraphTables.EDGES));
    }

    @Override
    public void run(JobContext context) {
      Settings own = settings;
      BlockModel model = own.model();
      MapFunction<Long, Row> node = number -> node(own, model, number);
      FlatMapFunction<Long, Row> edges =
          number ->
              Arrays.stream(model.partners(number))
                  .filter(other -> other != number)
                  .mapToObj(other -> RowFactory.create(number, other))
                  .iterator();
      Dataset<Long> numbers = context.spark().range(own.nodes()).as(Encoders.LONG());
      context.write(NODES, numbers.map(node, Encoders.row(GraphTables.NODES)));
      context.write(EDGES, numbers.flatMap(edges, Encoders.row(GraphTables.EDGES)));
    }
  }

  private static Row node(Settings settings, BlockModel model, long number) {
    boolean heldOut = model.lot(PART, number) <= settings.heldOut();
    int label = model.block(number);
    if (!heldOut && model.lot(WRONG, number) <= settings.labelNoise()) {
      int others = settings.classes() - 1;
      label += 1 + (int) Math.min(others - 1, model.lot(WHICH, number) * others);
      label %= settings.classes();
    }
    float[] features = model.features(number);
    return RowFactory.create(
        number,
        IntStream.range(0, features.length).mapToObj(at -> features[at]).toArray(Float[]::new),
        label,
        heldOut ? GraphTables.HELD_OUT : GraphTables.TRAINING);
  }
}
