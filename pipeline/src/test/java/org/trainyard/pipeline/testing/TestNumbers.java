package org.trainyard.pipeline.testing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A source for tests: the numbers from 0. */
@Card(name = "test-numbers", what = "The numbers from 0.")
public final class TestNumbers implements SourceTechnique<TestNumbers.Settings> {

  /** How many. */
  public record Settings(
      @Setting(help = "How many.", standard = "10", min = 0) long count,
      @Setting(help = "Files that only count for the key.", standard = "[]") List<String> paths,
      @Setting(help = "Licence of all.", standard = "CC0-1.0") String licence) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Source create(Settings settings) {
    return new Source() {
      @Override
      public List<String> paths() {
        return settings.paths();
      }

      @Override
      public Columns columns() {
        return Columns.NONE
            .adds("number", DataTypes.LongType)
            .adds("id", DataTypes.StringType)
            .adds("licence", DataTypes.StringType);
      }

      @Override
      public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
        return spark
            .range(settings.count())
            .toDF("number")
            .withColumn("id", concat(lit("n"), col("number").cast("string")))
            .withColumn("licence", lit(settings.licence()));
      }
    };
  }
}
