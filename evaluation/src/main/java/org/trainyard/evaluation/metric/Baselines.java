package org.trainyard.evaluation.metric;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.trainyard.evaluation.metric.kernel.Information;
import org.trainyard.evaluation.metric.kernel.Ngrams;

/**
 * What counting alone would predict, on exactly the units that the model is scored on. Sums over
 * the whole held-out data, in nats.
 *
 * @param units held-out units
 * @param unigramNats loss of predicting by frequency
 * @param bigramNats loss of predicting by the unit before, mixed with frequency
 * @param majorityHits units that are the most frequent one of the training data
 */
record Baselines(long units, double unigramNats, double bigramNats, long majorityHits) {
  /**
   * Losses are added as decimals with 12 places: the sum does not depend on the order of rows, so
   * the same data gives the same bits under any partitioning.
   */
  static final String EXACT = "decimal(38,12)";

  private static final UserDefinedFunction UNIGRAM =
      udf(
          (UDF3<Long, Long, Integer, Double>)
              (unit, total, vocabulary) -> Ngrams.unigram(unit, total, vocabulary),
          DataTypes.DoubleType);

  private static final UserDefinedFunction BIGRAM =
      udf(
          (UDF4<Long, Long, Long, Double, Double>)
              (pair, context, followers, unigram) ->
                  Ngrams.bigram(pair, context, followers, unigram),
          DataTypes.DoubleType);

  /**
   * Counts and sums. Everything as large as vocabulary or pairs stays in Spark.
   *
   * @param training pairs of the training data, as {@link UnitPairs} counts them; read three times
   * @param heldOut pairs of the held-out data
   * @param vocabulary number of units there are
   */
  static Baselines of(Dataset<Row> training, Dataset<Row> heldOut, int vocabulary) {
    Dataset<Row> units =
        training.groupBy(UnitPairs.TARGET).agg(sum(UnitPairs.COUNT).as("unit_count"));
    Dataset<Row> contexts =
        training
            .groupBy(UnitPairs.CONTEXT)
            .agg(sum(UnitPairs.COUNT).as("context_count"), count(lit(1)).as("followers"));
    // All units, and the most frequent one; of equals the lowest.
    Row whole =
        units
            .agg(
                sum("unit_count"),
                max(struct(col("unit_count"), negate(col(UnitPairs.TARGET)).as("negated"))))
            .first();
    long total = whole.getLong(0);
    int most = -whole.getStruct(1).getInt(1);
    Dataset<Row> pairs = training.withColumnRenamed(UnitPairs.COUNT, "pair_count");
    Column unigram = UNIGRAM.apply(orZero("unit_count"), lit(total), lit(vocabulary));
    Column bigram =
        BIGRAM.apply(
            orZero("pair_count"), orZero("context_count"), orZero("followers"), col("unigram"));
    Row sums =
        heldOut
            .join(units, asKey(UnitPairs.TARGET), "left")
            .join(contexts, asKey(UnitPairs.CONTEXT), "left")
            .join(pairs, asKey(UnitPairs.CONTEXT, UnitPairs.TARGET), "left")
            .withColumn("unigram", unigram)
            .withColumn("bigram", bigram)
            .agg(
                sum(UnitPairs.COUNT),
                nats("unigram"),
                nats("bigram"),
                sum(when(col(UnitPairs.TARGET).equalTo(most), col(UnitPairs.COUNT)).otherwise(0L)))
            .first();
    return new Baselines(sums.getLong(0), number(sums, 1), number(sums, 2), sums.getLong(3));
  }

  private static Column orZero(String name) {
    return coalesce(col(name), lit(0L));
  }

  private static String[] asKey(String... columns) {
    return columns;
  }

  private static Column nats(String probability) {
    UserDefinedFunction loss =
        udf(
            (org.apache.spark.sql.api.java.UDF2<Double, Long, Double>)
                (share, times) -> times * Information.nats(share),
            DataTypes.DoubleType);
    return sum(loss.apply(col(probability), col(UnitPairs.COUNT)).cast(EXACT));
  }

  private static double number(Row row, int index) {
    BigDecimal value = row.getDecimal(index);
    return value == null ? 0 : value.doubleValue();
  }
}
