package org.trainyard.pipeline.stage;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** How a row is rejected: it is marked with a reason, rides on, and ends in the reject table. */
public final class Rejects {
  /** Why a row was rejected, from a small set of codes; null while the row is alive. */
  public static final String REASON = "reject_reason";

  /** What exactly was found, in words; null while the row is alive. */
  public static final String DETAIL = "reject_detail";

  /** Which step rejected it; the runner fills it in. */
  public static final String STEP = "reject_step";

  /** Both columns that a stage fills, as a source that rejects rows itself declares them. */
  public static final StructType COLUMNS =
      new StructType().add(REASON, DataTypes.StringType).add(DETAIL, DataTypes.StringType);

  private Rejects() {}

  /** The same rows, with newly rejected ones put down to a step. */
  public static Dataset<Row> attribute(Dataset<Row> rows, String step) {
    Column earlier =
        Arrays.asList(rows.columns()).contains(STEP)
            ? col(STEP)
            : lit(null).cast(DataTypes.StringType);
    return rows.withColumn(STEP, when(alive(), null).otherwise(coalesce(earlier, lit(step))));
  }

  /** Whether a row is alive. */
  public static Column alive() {
    return col(REASON).isNull();
  }

  /** The same rows with the two columns present, all alive if they were absent. */
  public static Dataset<Row> tracked(Dataset<Row> rows) {
    if (Arrays.asList(rows.columns()).contains(REASON)) {
      return rows;
    }
    Column none = lit(null).cast(DataTypes.StringType);
    return rows.withColumn(REASON, none).withColumn(DETAIL, none);
  }

  /**
   * Marks alive rows for which {@code reason} is not null.
   *
   * @param reason a code such as {@code too-short}, or null to keep the row; evaluated for alive
   *     rows
   * @param detail what was found; may be a null literal
   */
  public static Dataset<Row> mark(Dataset<Row> rows, Column reason, Column detail) {
    String fresh = "reject_fresh";
    return tracked(rows)
        .withColumn(fresh, when(alive(), reason))
        .withColumn(DETAIL, when(col(fresh).isNotNull(), detail).otherwise(col(DETAIL)))
        .withColumn(REASON, coalesce(col(REASON), col(fresh)))
        .drop(fresh);
  }
}
