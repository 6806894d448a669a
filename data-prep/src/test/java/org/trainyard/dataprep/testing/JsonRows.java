package org.trainyard.dataprep.testing;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A test's own rows, given as lines of JSON, in any number of partitions. */
@Card(name = "json-rows", what = "Reads a test's rows.")
public final class JsonRows implements SourceTechnique<JsonRows.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "File.") String path,
      @Setting(help = "Columns, as in SQL.") String columns,
      @Setting(help = "Partitions, filled by chance.", standard = "1") int partitions,
      @Setting(help = "If above 0, the tokens say that they have so many ids.", standard = "0")
          int vocabulary) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Source create(Settings settings) {
    StructType schema = StructType.fromDDL(settings.columns());
    return new Source() {
      @Override
      public List<String> paths() {
        return List.of(settings.path());
      }

      @Override
      public Columns columns() {
        return new Columns(new StructType(), schema, List.of());
      }

      @Override
      public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
        Dataset<Row> rows =
            spark
                .read()
                .schema(schema)
                .json(files.get(0).path())
                .repartition(settings.partitions());
        return settings.vocabulary() == 0
            ? rows
            : TokenTable.describe(rows, new TokenTable.Facts(settings.vocabulary(), 1, 0, ""));
      }
    };
  }
}
