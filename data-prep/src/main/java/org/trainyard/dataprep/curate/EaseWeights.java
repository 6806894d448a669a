package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.curate.kernel.ScoreDensity;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Weights by how easy a retrieval score makes an answer. */
@Card(
    name = "ease-weights",
    what =
        "Weights the candidates of a query by how easy their retrieval score makes them: 1 easy, 0"
            + " hard.",
    how =
        """
        A relevant answer with a high score is easy, and so is one that is not relevant with a low score. The score \
        of a query's candidates becomes 0 to 1 by `by`: 1 over its rank, its place between the least and the greatest \
        score, or the share of scores below it (Gaussian kernels). The column `weight` is that of a relevant answer, \
        1 less it of any other, and at least 10⁻⁸. A candidate without a score counts as last: rank 1,000, the least \
        score. Hand it on by `weight: weight` in encode and plan-batches, and let it fade by the feed \
        fading-weights.""",
    avoid = "One query's candidates meet in one task: thousands are well, millions are not.",
    papers = "Training Curricula for Open Domain Answer Re-Ranking (arXiv 2004.14269)")
public final class EaseWeights implements StageTechnique<EaseWeights.Settings> {
  /** Rank of what the retrieval did not find. */
  private static final int NOT_FOUND = 1000;

  private static final double LEAST = 1e-8;

  /** How a score becomes a number from 0 to 1. */
  public enum By {
    /** 1 over the rank among the query's candidates; equal scores by id. */
    RECIPROCAL_RANK,
    /** Place between the least and greatest score; 0.5 if they are equal. */
    NORMALISED_SCORE,
    /** Share of the query's scores below it, smoothed. */
    SCORE_DENSITY
  }

  /** Its settings. */
  public record Settings(
      @Setting(help = "Column that tells the candidates of one query.", standard = "query")
          String query,
      @Setting(help = "Column of the retrieval score, a double.", standard = "score") String score,
      @Setting(help = "Column of the label.", standard = "label") String label,
      @Setting(help = "Label of an answer that is relevant.", standard = "relevant")
          String relevant,
      @Setting(
              help =
                  "What a score is measured by: reciprocal-rank, normalised-score or score-density.",
              standard = "normalised-score")
          By by,
      @Setting(help = "Hard ones first: 1 less each weight.", standard = "false") boolean hardFirst)
      implements Serializable {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Stage create(Settings settings) {
    return new Weighing(settings);
  }

  private record Weighing(Settings settings) implements Stage {

    @Override
    public Columns columns() {
      return new Columns(
              new StructType().add(settings.score(), DataTypes.DoubleType),
              new StructType(),
              List.of())
          .needsText(TokenTable.ID, settings.query())
          .adds(TokenTable.WEIGHT, DataTypes.FloatType);
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> input) {
      Dataset<Row> rows = Rejects.tracked(input);
      // Text in documents, a number in token tables: so its type is not asked for beforehand.
      List<String> present = Arrays.asList(rows.columns());
      Check.require(
          present.contains(settings.label()),
          "label",
          "must name a column, but is '%s'; there are %s",
          settings.label(),
          present);
      Column ease = least(lit(1.0), greatest(lit(0.0), ease()));
      Column relevant =
          coalesce(
              col(settings.label()).cast(DataTypes.StringType).equalTo(settings.relevant()),
              lit(false));
      Column high = settings.hardFirst() ? relevant.unary_$bang() : relevant;
      Column weight = when(high, ease).otherwise(lit(1.0).minus(ease));
      return rows.withColumn(
          TokenTable.WEIGHT,
          when(Rejects.alive(), greatest(lit(LEAST), weight)).cast(DataTypes.FloatType));
    }

    private Column ease() {
      Column score = col(settings.score());
      WindowSpec query = Window.partitionBy(col(settings.query()), Rejects.alive());
      return switch (settings.by()) {
        case RECIPROCAL_RANK ->
            lit(1.0)
                .divide(
                    when(score.isNull(), NOT_FOUND)
                        .otherwise(
                            row_number()
                                .over(query.orderBy(score.desc_nulls_last(), col(TokenTable.ID)))));
        case NORMALISED_SCORE -> {
          Column lowest = min(score).over(query);
          Column range = max(score).over(query).minus(lowest);
          yield when(score.isNull(), 0.0)
              .when(range.equalTo(0), 0.5)
              .otherwise(score.minus(lowest).divide(range));
        }
        case SCORE_DENSITY -> {
          UDF2<Double, Seq<Double>, Double> share =
              (own, all) ->
                  own == null
                      ? 0
                      : ScoreDensity.below(
                          JavaConverters.seqAsJavaList(all).stream()
                              .mapToDouble(Double::doubleValue)
                              .toArray(),
                          own);
          yield udf(share, DataTypes.DoubleType).apply(score, collect_list(score).over(query));
        }
      };
    }
  }
}
