package org.trainyard.pipeline.testing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A stage for tests: keeps the numbers that a divisor divides. */
@Card(name = "test-divisible", what = "Keeps the numbers that a divisor divides.")
public final class TestDivisible implements StageTechnique<TestDivisible.Settings> {

  /** The divisor, and whether the stage breaks its contract. */
  public record Settings(
      @Setting(help = "The divisor.", standard = "2", min = 1, max = 100) int by,
      @Setting(help = "Column of the numbers.", standard = "number") String column,
      @Setting(help = "Rows that each row becomes.", standard = "1", min = 1) int copies,
      @Setting(help = "Deletes rows, as no stage may.", standard = "false") boolean deletes) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Stage create(Settings settings) {
    return new Stage() {
      @Override
      public Columns columns() {
        return new Columns(
            new StructType().add(settings.column(), DataTypes.LongType),
            new StructType(),
            java.util.List.of());
      }

      @Override
      public boolean expands() {
        return settings.copies() > 1;
      }

      @Override
      public Dataset<Row> apply(Dataset<Row> rows) {
        Dataset<Row> input =
            expands()
                ? rows.withColumn("copy", explode(sequence(lit(1), lit(settings.copies()))))
                    .drop("copy")
                : rows;
        var odd = col(settings.column()).mod(settings.by()).notEqual(0);
        return settings.deletes()
            ? input.where(odd)
            : Rejects.mark(
                input,
                when(odd, lit("not-divisible")),
                concat(lit("by " + settings.by() + ": "), col("id")));
      }
    };
  }
}
