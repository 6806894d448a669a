package org.trainyard.dataprep.synthesize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.synthesize.kernel.LogNormalLengths;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A token table of long-tailed lengths, made up. */
@Card(
    name = "synthetic-lengths",
    what = "Makes up examples with log-normal lengths and durations, to try batch planners on.",
    how =
        """
        The columns are those of a token table, with duration (seconds) and frames beside them. Tokens are \
        drawn by chance; with vocabulary: 0 there are none, which is enough for plan-batches with kind: none.""",
    avoid = "Nothing can be learnt from its tokens.")
public final class SyntheticLengths implements SourceTechnique<SyntheticLengths.Settings> {
  /** Seconds of an example. */
  static final String DURATION = "duration";

  /** Duration in frames, at least 1. */
  static final String FRAMES = "frames";

  /** Its settings; the defaults are those of the figures in the documentation of batches. */
  public record Settings(
      @Setting(help = "Number of examples.", standard = "200000", min = 1) long count,
      @Setting(help = "Mean of the logarithm of the length.", standard = "5.6") double mu,
      @Setting(
              help = "Standard deviation of the logarithm of the length.",
              standard = "1.1",
              min = 0)
          double sigma,
      @Setting(help = "Least length, tokens.", standard = "8", min = 1) int min,
      @Setting(help = "Greatest length, tokens.", standard = "8192", min = 1) int max,
      @Setting(help = "Median tokens a second.", standard = "4", min = 0.001)
          double tokensPerSecond,
      @Setting(
              help = "Standard deviation of the logarithm of tokens a second.",
              standard = "0.3",
              min = 0)
          double rateSigma,
      @Setting(help = "Frames a second.", standard = "12.5", min = 0.001) double framesPerSecond,
      @Setting(
              help = "Number of token ids; 0 to make no tokens.",
              standard = "256",
              min = 0,
              max = 16_777_216)
          int vocabulary,
      @Setting(help = "Decides every length and token.") long seed)
      implements Serializable {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Source create(Settings settings) {
    Check.require(
        settings.min() <= settings.max(),
        "min",
        "must be at most max (%d), but is %d",
        settings.max(),
        settings.min());
    Check.require(
        settings.vocabulary() == 0 || settings.vocabulary() >= 3,
        "vocabulary",
        "must be 0, or at least 3 (two special tokens), but is %d",
        settings.vocabulary());
    return new Lengths(settings);
  }

  private record Lengths(Settings settings) implements Source {

    @Override
    public List<String> paths() {
      return List.of();
    }

    @Override
    public Columns columns() {
      StructType made = drawn().add(TokenTable.EXAMPLE_ID, DataTypes.LongType);
      return new Columns(new StructType(), made, List.of());
    }

    private StructType drawn() {
      StructType columns = new StructType().add(TokenTable.ID, DataTypes.StringType);
      if (settings.vocabulary() > 0) {
        columns = columns.add(TokenTable.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType));
      }
      return columns
          .add(TokenTable.LENGTH, DataTypes.IntegerType)
          .add(TokenTable.BYTES, DataTypes.IntegerType)
          .add(DURATION, DataTypes.DoubleType)
          .add(FRAMES, DataTypes.IntegerType);
    }

    @Override
    public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
      Settings own = settings;
      LogNormalLengths lengths =
          new LogNormalLengths(
              own.seed(),
              own.mu(),
              own.sigma(),
              own.min(),
              own.max(),
              own.tokensPerSecond(),
              own.rateSigma());
      MapPartitionsFunction<Long, Row> draw = indices -> new Drawing(indices, lengths, own);
      Dataset<Row> rows =
          spark
              .range(own.count())
              .as(Encoders.LONG())
              .mapPartitions(draw, Encoders.row(drawn()))
              .withColumn(TokenTable.EXAMPLE_ID, xxhash64(col(TokenTable.ID)));
      return own.vocabulary() == 0
          ? rows
          : TokenTable.describe(rows, new TokenTable.Facts(own.vocabulary(), 1, 0, ""));
    }
  }

  private record Drawing(Iterator<Long> indices, LogNormalLengths lengths, Settings settings)
      implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      return indices.hasNext();
    }

    @Override
    public Row next() {
      long index = indices.next();
      int length = lengths.length(index);
      double seconds = lengths.seconds(index);
      int frames = (int) Math.max(1, Math.ceil(seconds * settings.framesPerSecond()));
      String id = "synthetic-" + index;
      if (settings.vocabulary() == 0) {
        return RowFactory.create(id, length, length, seconds, frames);
      }
      int[] tokens = new int[length];
      for (int at = 0; at < length; at++) {
        tokens[at] = lengths.token(index, at, settings.vocabulary());
      }
      return RowFactory.create(id, tokens, length, length, seconds, frames);
    }
  }
}
