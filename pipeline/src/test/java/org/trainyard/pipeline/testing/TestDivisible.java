package org.trainyard.pipeline.testing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
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
      public Dataset<Row> apply(Dataset<Row> input) {
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
