package org.trainyard.evaluation.metric;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * How high the first relevant example of a group comes, where a classifier of two classes ranks the
 * group by how probable it finds class 1.
 *
 * @param meanReciprocalRank mean of 1 over the rank of the first relevant one, 0 to 1; a group
 *     without any counts 0
 * @param precisionAtOne share of the groups whose first is relevant
 */
record Ranking(double meanReciprocalRank, double precisionAtOne) {
  private static final String RANK = "rank";

  /** The ranking of scored examples; nothing if each is a group of its own. */
  static Optional<Ranking> of(Dataset<Row> scores) {
    Row counts = scores.agg(countDistinct(Scoring.GROUP), count(lit(1))).head();
    long groups = counts.getLong(0);
    if (groups == counts.getLong(1)) {
      return Optional.empty();
    }
    Column ofLabel = exp(negate(col(Scoring.NATS)));
    Column probable =
        when(col(Scoring.LABEL).equalTo(1), ofLabel).otherwise(lit(1.0).minus(ofLabel));
    Column rank =
        row_number()
            .over(Window.partitionBy(Scoring.GROUP).orderBy(probable.desc(), col(Scoring.EXAMPLE)));
    double reciprocal = 0;
    long first = 0;
    // As many rows as the largest group has examples, at most.
    for (Row row :
        scores
            .withColumn(RANK, rank)
            .where(col(Scoring.LABEL).equalTo(1))
            .groupBy(Scoring.GROUP)
            .agg(min(RANK).as(RANK))
            .groupBy(RANK)
            .agg(count(lit(1)))
            .orderBy(RANK)
            .collectAsList()) {
      reciprocal += (double) row.getLong(1) / row.getInt(0);
      first += row.getInt(0) == 1 ? row.getLong(1) : 0;
    }
    return Optional.of(new Ranking(reciprocal / groups, (double) first / groups));
  }
}
