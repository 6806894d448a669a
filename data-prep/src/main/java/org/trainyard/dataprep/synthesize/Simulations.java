package org.trainyard.dataprep.synthesize;

import static org.apache.spark.sql.functions.xxhash64;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.batch.ValueBatches;
import org.trainyard.dataprep.synthesize.kernel.Producers;
import org.trainyard.dataprep.synthesize.kernel.Simulator;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;

/** A table of simulated samples. */
@Card(
    name = "simulations",
    what = "Runs simulations and stores their samples, a row a step: features and values.",
    how =
        """
        For plan-batches with kind: values. Simulation number n of a seed is the same here and in the feed \
        `reservoir`, which counts from 0: hold out simulations by a `first` that training never reaches.""",
    avoid = "What is only trained on need not be stored: see the feed `reservoir`.")
public final class Simulations implements SourceTechnique<Simulations.Settings> {
  /** Number of the simulation. */
  static final String SIMULATION = "simulation";

  private static final int BYTES_OF_VALUE = 4;

  /** Its settings. */
  public record Settings(
      @Setting(help = "What is simulated.", technique = SimulatorTechnique.class)
          Choice<Simulator> simulator,
      @Setting(help = "Number of simulations.", standard = "100", min = 1) long count,
      @Setting(help = "Number of the first simulation.", standard = "0", min = 0) long first,
      @Setting(help = "Decides the parameters of simulations.") long seed)
      implements Serializable {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Source create(Settings settings) {
    return new Simulated(settings, settings.simulator().create());
  }

  private record Simulated(Settings settings, Simulator simulator) implements Source {

    @Override
    public List<String> paths() {
      return List.of();
    }

    @Override
    public Columns columns() {
      return new Columns(
          new StructType(), made().add(TokenTable.EXAMPLE_ID, DataTypes.LongType), List.of());
    }

    private static StructType made() {
      return new StructType()
          .add(TokenTable.ID, DataTypes.StringType)
          .add(SIMULATION, DataTypes.LongType)
          .add(ValueBatches.FEATURES, DataTypes.createArrayType(DataTypes.FloatType))
          .add(ValueBatches.VALUES, DataTypes.createArrayType(DataTypes.FloatType))
          .add(TokenTable.LENGTH, DataTypes.IntegerType)
          .add(TokenTable.BYTES, DataTypes.IntegerType);
    }

    @Override
    public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
      Simulator family = simulator;
      long seed = settings.seed();
      FlatMapFunction<Long, Row> simulate = number -> samples(family, seed, number);
      return spark
          .range(settings.first(), settings.first() + settings.count())
          .as(Encoders.LONG())
          .flatMap(simulate, Encoders.row(made()))
          .withColumn(TokenTable.EXAMPLE_ID, xxhash64(functions.col(TokenTable.ID)));
    }
  }

  private static Iterator<Row> samples(Simulator simulator, long seed, long number) {
    Simulator.Run run = simulator.start(seed, number);
    float[] sample = new float[Producers.width(simulator)];
    return IntStream.range(0, simulator.steps())
        .mapToObj(
            step -> {
              run.next(sample, 0);
              return RowFactory.create(
                  number + "#" + step,
                  number,
                  boxed(sample, 0, simulator.inputs()),
                  boxed(sample, simulator.inputs(), sample.length),
                  1,
                  BYTES_OF_VALUE * sample.length);
            })
        .iterator();
  }

  private static Float[] boxed(float[] values, int from, int to) {
    return IntStream.range(from, to).mapToObj(at -> values[at]).toArray(Float[]::new);
  }
}
