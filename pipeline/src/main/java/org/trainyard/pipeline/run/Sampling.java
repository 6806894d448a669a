package org.trainyard.pipeline.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Runs a pipeline on little: the same rows are chosen under any partitioning, by a hash of the row.
 *
 * @param limit most rows of each source; 0 for all
 * @param share share of the rows of each source, 0 (exclusive) to 1
 */
public record Sampling(long limit, double share) {
  /** All rows. */
  public static final Sampling ALL = new Sampling(0, 1);

  private static final long GRAIN = 1_000_000;

  /** Whether any row is left out. */
  public boolean active() {
    return limit > 0 || share < 1;
  }

  /** The chosen rows. */
  public Dataset<Row> apply(Dataset<Row> rows) {
    Column hash =
        xxhash64(Arrays.stream(rows.columns()).map(c -> col("`" + c + "`")).toArray(Column[]::new));
    Dataset<Row> chosen = rows;
    if (share < 1) {
      chosen = chosen.where(pmod(hash, lit(GRAIN)).lt((long) (share * GRAIN)));
    }
    return limit > 0 ? chosen.orderBy(hash).limit(Math.toIntExact(limit)) : chosen;
  }
}
