package org.trainyard.dataprep.batch;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

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
  /** The example of the token table, of which this is all or a piece. */
  static final String SOURCE = "source_id";

  /** First unit of the first dimension to take; above 0 in later pieces of a split example. */
  static final String START = "start_unit";

  /** Units of the first dimension, after truncation; 0 if rejected. */
  static final String FIRST = "first_units";

  /** Units of the second dimension; 0 if rejected or if there is none. */
  static final String SECOND = "second_units";

  /** Largest first dimension of the example's group. */
  static final String GROUP_FIRST = "group_first";

  /** Largest second dimension of the example's group. */
  static final String GROUP_SECOND = "group_second";

  /** Whether the example was too long for any batch; of its pieces, only the first says so. */
  static final String OVER = "over_length";

  private Described() {}

  /**
   * Describes.
   *
   * @param first column of the first dimension
   * @param second column of the second dimension; empty if there is none
   * @param longest units of the longest example that can be placed, both dimensions together
   */
  static Dataset<Row> of(
      Dataset<Row> tokens,
      String first,
      String second,
      BatchLimits limits,
      long longest,
      PlanBatches.OverLength overLength) {
    List<String> present = Arrays.asList(tokens.columns());
    boolean grouped = present.contains(TokenTable.GROUP_ID);
    Column length = coalesce(col(first), lit(0));
    Column width = second.isEmpty() ? lit(0) : coalesce(col(second), lit(0));
    Column bytes = present.contains(TokenTable.BYTES) ? col(TokenTable.BYTES) : lit(0);
    boolean split = overLength == PlanBatches.OverLength.SPLIT;
    boolean cuts = split || overLength == PlanBatches.OverLength.TRUNCATE;
    Column room = lit(longest).minus(padded(col("width"), limits));
    Column fitting = floor(room.divide(limits.multiple())).multiply(limits.multiple());
    Column over = padded(col("length"), limits).gt(room);
    Column cut = cuts ? over.and(fitting.geq(1)) : lit(false);
    Dataset<Row> rows =
        tokens
            .select(
                col(TokenTable.EXAMPLE_ID).as(SOURCE),
                col(TokenTable.ID),
                (grouped ? col(TokenTable.GROUP_ID) : lit(null).cast(DataTypes.LongType))
                    .as(TokenTable.GROUP_ID),
                length.as("length"),
                width.as("width"),
                bytes.cast(DataTypes.LongType).as("all_bytes"))
            .withColumn("cut", cut)
            .withColumn("fitting", fitting)
            .withColumn("piece", split ? explode(pieces()) : lit(0L))
            .withColumn(TokenTable.EXAMPLE_ID, split ? identity() : col(SOURCE))
            .withColumn(
                TokenTable.GROUP_ID, coalesce(col(TokenTable.GROUP_ID), col(TokenTable.EXAMPLE_ID)))
            .withColumn(OVER, over.and(col("piece").equalTo(0)))
            .withColumn(
                Rejects.REASON,
                when(col("length").lt(1), "empty")
                    .when(over.and(col("cut").equalTo(false)), "over-length"))
            .withColumn(Rejects.DETAIL, when(Rejects.alive().equalTo(false), detail(longest)))
            .withColumn(
                START,
                when(col("cut"), col("piece").multiply(col("fitting")))
                    .otherwise(0)
                    .cast(DataTypes.IntegerType))
            .withColumn(
                FIRST,
                when(
                        Rejects.alive(),
                        when(col("cut"), least(col("fitting"), col("length").minus(col(START))))
                            .otherwise(col("length")))
                    .otherwise(0)
                    .cast(DataTypes.IntegerType))
            .withColumn(SECOND, when(Rejects.alive(), col("width")).otherwise(0))
            .withColumn(
                TokenTable.BYTES,
                when(col("cut"), share(col(START).plus(col(FIRST))).minus(share(col(START))))
                    .otherwise(col("all_bytes"))
                    .cast(DataTypes.IntegerType))
            .drop(TokenTable.ID, "length", "width", "all_bytes", "cut", "fitting", "piece");
    return grouped ? withGroups(rows) : alone(rows);
  }

  /** Numbers of the pieces of an example: as many as fill places whole, and one for the rest. */
  private static Column pieces() {
    return when(
            col("cut"),
            sequence(lit(0L), col("length").minus(1).divide(col("fitting")).cast("long")))
        .otherwise(array(lit(0L)));
  }

  /** A piece is the example {@code id#piece}, as a window of a document is. */
  private static Column identity() {
    return when(col("cut"), xxhash64(concat(col(TokenTable.ID), lit("#"), col("piece"))))
        .otherwise(col(SOURCE));
  }

  /** Bytes of the units before one. */
  private static Column share(Column unit) {
    return floor(col("all_bytes").multiply(unit).divide(col("length")));
  }

  private static Column padded(Column units, BatchLimits limits) {
    long multiple = limits.multiple();
    return floor(units.plus(multiple - 1).divide(multiple)).multiply(multiple);
  }

  private static Column detail(long longest) {
    return concat(col("length"), lit(" + "), col("width"), lit(" units, the most is " + longest));
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
