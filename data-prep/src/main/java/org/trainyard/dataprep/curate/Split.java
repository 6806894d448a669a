package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code split}. */
@Card(
    name = "split",
    what = "Splits a table into rows to train on and rows held out.",
    how =
        "A row's side follows from a seeded hash of its id (or of the column named by), so that it is the"
            + " same in every run, and stays the same as the table grows.",
    avoid =
        "Near-duplicates on both sides flatter every figure: remove them first, or split by their"
            + " cluster. The share is met on average, not exactly.")
public final class Split implements JobTechnique<SplitSettings> {

  @Override
  public Class<SplitSettings> settings() {
    return SplitSettings.class;
  }

  @Override
  public Job create(SplitSettings settings) {
    return new Divide(settings);
  }

  /** Whether a row is held out. */
  static Column heldOut(SplitSettings settings) {
    Column value = coalesce(col(settings.by()).cast(DataTypes.StringType), col("id"));
    Column uniform =
        shiftrightunsigned(xxhash64(lit(settings.seed()), value), 11)
            .cast(DataTypes.DoubleType)
            .multiply(lit(0x1p-53));
    return uniform.lt(settings.heldOut());
  }

  private record Divide(SplitSettings settings) implements Job {

    @Override
    public List<Port> inputs() {
      return List.of(Port.table("rows", new StructType().add("id", DataTypes.StringType)));
    }

    @Override
    public List<Port> outputs() {
      return List.of(
          Port.table("train", new StructType()), Port.table("held-out", new StructType()));
    }

    @Override
    public void run(JobContext context) {
      Dataset<Row> rows = context.table("rows").read(context.spark());
      if (!List.of(rows.columns()).contains(settings.by())) {
        throw new ConfigException(
            context.step() + ".by",
            "the table has no column '%s'; it has %s"
                .formatted(settings.by(), String.join(", ", rows.columns())));
      }
      Column heldOut = heldOut(settings);
      context.write("train", rows.where(heldOut.unary_$bang()));
      context.write("held-out", rows.where(heldOut));
    }
  }
}
