package org.trainyard.dataprep.batch;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.stage.Rejects;

/**
 * How large the examples are, small enough for the driver: for one dimension the number of examples
 * of each length (of steps of lengths, where the budget is very large); for two a seeded sample of
 * pairs.
 */
final class SizeSurvey {
  /** Different lengths kept apart. */
  private static final int MOST_LENGTHS = 1 << 16;

  /**
   * Pairs sampled: an edge between two of a hundred buckets is off by a few per cent of a bucket.
   */
  private static final int SAMPLE = 1 << 16;

  private SizeSurvey() {}

  static Sizes of(Dataset<Row> described, boolean pairs, BatchLimits limits, long seed) {
    Dataset<Row> alive = described.where(Rejects.alive());
    return pairs ? sample(alive, seed) : histogram(alive, limits);
  }

  private static Sizes histogram(Dataset<Row> alive, BatchLimits limits) {
    long step = Math.max(1, limits.budget() / MOST_LENGTHS);
    Column length =
        greatest(lit(1L), floor(col(Described.FIRST).divide(step)).multiply(step))
            .cast(DataTypes.IntegerType);
    List<Row> rows =
        alive.groupBy(length.as("length")).agg(count(lit(1))).orderBy("length").collectAsList();
    long[] counts = rows.stream().mapToLong(row -> row.getLong(1)).toArray();
    return new Sizes(
        rows.stream().mapToInt(row -> row.getInt(0)).toArray(),
        new int[counts.length],
        counts,
        Arrays.stream(counts).sum());
  }

  private static Sizes sample(Dataset<Row> alive, long seed) {
    List<Row> rows =
        alive
            .orderBy(xxhash64(col(TokenTable.EXAMPLE_ID), lit(seed)), col(TokenTable.EXAMPLE_ID))
            .limit(SAMPLE)
            .select(Described.FIRST, Described.SECOND)
            .collectAsList();
    long[] counts = new long[rows.size()];
    Arrays.fill(counts, 1);
    return new Sizes(
        rows.stream().mapToInt(row -> row.getInt(0)).toArray(),
        rows.stream().mapToInt(row -> row.getInt(1)).toArray(),
        counts,
        rows.size() < SAMPLE ? rows.size() : alive.count());
  }
}
