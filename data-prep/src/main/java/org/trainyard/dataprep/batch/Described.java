package org.trainyard.dataprep.batch;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.stage.Rejects;

/** A token table with all content left out: what planning needs to know of each example. */
final class Described {
  /** Units of the first dimension, after truncation; 0 if rejected. */
  static final String FIRST = "first_units";

  /** Units of the second dimension; 0 if rejected or if there is none. */
  static final String SECOND = "second_units";

  /** Largest first dimension of the example's group. */
  static final String GROUP_FIRST = "group_first";

  /** Largest second dimension of the example's group. */
  static final String GROUP_SECOND = "group_second";

  /** Whether the example was too long for any batch. */
  static final String OVER = "over_length";

  private Described() {}

  /**
   * Describes.
   *
   * @param first column of the first dimension
   * @param second column of the second dimension; empty if there is none
   * @param truncate whether too long examples are cut, else rejected
   */
  static Dataset<Row> of(
      Dataset<Row> tokens, String first, String second, BatchLimits limits, boolean truncate) {
    List<String> present = Arrays.asList(tokens.columns());
    boolean grouped = present.contains(TokenTable.GROUP_ID);
    Column length = coalesce(col(first), lit(0));
    Column width = second.isEmpty() ? lit(0) : coalesce(col(second), lit(0));
    Column bytes = present.contains(TokenTable.BYTES) ? col(TokenTable.BYTES) : lit(0);
    Column room = lit(limits.budget()).minus(padded(col("width"), limits));
    Column fitting = floor(room.divide(limits.multiple())).multiply(limits.multiple());
    Column over = padded(col("length"), limits).gt(room);
    Column cut = truncate ? over.and(fitting.geq(1)) : lit(false);
    Dataset<Row> rows =
        tokens
            .select(
                col(TokenTable.EXAMPLE_ID),
                (grouped
                        ? coalesce(col(TokenTable.GROUP_ID), col(TokenTable.EXAMPLE_ID))
                        : col(TokenTable.EXAMPLE_ID))
                    .as(TokenTable.GROUP_ID),
                length.as("length"),
                width.as("width"),
                bytes.as("all_bytes"))
            .withColumn(OVER, over)
            .withColumn(
                Rejects.REASON,
                when(col("length").lt(1), "empty")
                    .when(over.and(cut.equalTo(false)), "over-length"))
            .withColumn(Rejects.DETAIL, when(Rejects.alive().equalTo(false), detail(limits)))
            .withColumn(
                FIRST,
                when(Rejects.alive(), when(cut, fitting).otherwise(col("length")))
                    .otherwise(0)
                    .cast(DataTypes.IntegerType))
            .withColumn(SECOND, when(Rejects.alive(), col("width")).otherwise(0))
            .withColumn(
                TokenTable.BYTES,
                when(cut, floor(col("all_bytes").multiply(col(FIRST)).divide(col("length"))))
                    .otherwise(col("all_bytes"))
                    .cast(DataTypes.IntegerType))
            .drop("length", "width", "all_bytes");
    return grouped ? withGroups(rows) : alone(rows);
  }

  private static Column padded(Column units, BatchLimits limits) {
    long multiple = limits.multiple();
    return floor(units.plus(multiple - 1).divide(multiple)).multiply(multiple);
  }

  private static Column detail(BatchLimits limits) {
    return concat(
        col("length"), lit(" + "), col("width"), lit(" units, a batch holds " + limits.budget()));
  }

  private static Dataset<Row> withGroups(Dataset<Row> rows) {
    var group = Window.partitionBy(TokenTable.GROUP_ID);
    return rows.withColumn(GROUP_FIRST, max(FIRST).over(group))
        .withColumn(GROUP_SECOND, max(SECOND).over(group));
  }

  private static Dataset<Row> alone(Dataset<Row> rows) {
    return rows.withColumn(GROUP_FIRST, col(FIRST)).withColumn(GROUP_SECOND, col(SECOND));
  }
}
