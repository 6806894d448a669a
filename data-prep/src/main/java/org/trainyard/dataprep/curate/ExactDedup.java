package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.trainyard.dataprep.curate.kernel.Fingerprint;
import org.trainyard.dataprep.curate.kernel.Normalisation;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code exact-dedup}. */
@Card(
    name = "exact-dedup",
    what = "Keeps one copy of each text: the one with the smallest id.",
    how =
        "Compares 128-bit fingerprints. Copies are cut by salt and thinned inside each part, then across"
            + " parts: two shuffles, and no task grows with the number of copies of one text. A rejected"
            + " copy names an earlier one, which is the one kept or itself names an earlier one.",
    avoid = "Texts that differ in a single sign are different: that is what near-dedup is for.")
public final class ExactDedup implements StageTechnique<ExactDedupSettings> {

  @Override
  public Class<ExactDedupSettings> settings() {
    return ExactDedupSettings.class;
  }

  @Override
  public Stage create(ExactDedupSettings settings) {
    return new KeepSmallest(settings);
  }

  private record KeepSmallest(ExactDedupSettings settings) implements Stage {
    private static final String KEY = "exact_dedup_key";
    private static final String RANK = "exact_dedup_rank";
    private static final String FIRST = "exact_dedup_first";

    @Override
    public Columns columns() {
      return Columns.NONE.needsText("id", "text");
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> input) {
      UDF1<String, byte[]> fingerprint = new Take(settings.normalise());
      Dataset<Row> keyed =
          Rejects.tracked(input)
              .withColumn(
                  KEY,
                  udf(fingerprint, DataTypes.BinaryType).apply(when(Rejects.alive(), col("text"))));
      Column salt = pmod(xxhash64(col("id")), lit(settings.salts()));
      Dataset<Row> thinned = settings.salts() == 1 ? keyed : markCopies(keyed, salt);
      return markCopies(thinned, lit(0)).drop(KEY);
    }

    /** Rejects all but the smallest id among alive rows of equal key and salt. */
    private static Dataset<Row> markCopies(Dataset<Row> rows, Column salt) {
      // Rejected rows, and documents without text, stand alone under their own id: they cause no
      // skew.
      Column alone = Rejects.alive().and(col(KEY).isNotNull()).unary_$bang();
      WindowSpec equal =
          Window.partitionBy(col(KEY), when(alone, col("id")), when(alone, lit(-1)).otherwise(salt))
              .orderBy(order(rows));
      Dataset<Row> ranked =
          rows.withColumn(RANK, row_number().over(equal))
              .withColumn(FIRST, first(col("id")).over(equal));
      return Rejects.mark(
              ranked,
              when(alone.unary_$bang().and(col(RANK).gt(1)), "exact-duplicate"),
              concat(lit("of "), col(FIRST)))
          .drop(RANK, FIRST);
    }

    /** By id, then by source where rows have one, so that equal ids are no matter of chance. */
    private static Column[] order(Dataset<Row> rows) {
      List<Column> order = new ArrayList<>(List.of(col("id")));
      if (Arrays.asList(rows.columns()).contains("source")) {
        order.add(col("source"));
      }
      return order.toArray(Column[]::new);
    }
  }

  /** Each task deserialises its own copy, so that the hash stream is its own. */
  private static final class Take implements UDF1<String, byte[]> {
    private static final long serialVersionUID = 1;
    private final Normalisation normalisation;
    private transient Fingerprint fingerprint;

    Take(Normalisation normalisation) {
      this.normalisation = normalisation;
    }

    @Override
    public byte[] call(String text) {
      if (text == null) {
        return null;
      }
      if (fingerprint == null) {
        fingerprint = new Fingerprint(normalisation);
      }
      return fingerprint.of(text);
    }
  }
}
