package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.curate.kernel.LanguageDetection;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code language-id}. */
@Card(
    name = "language-id",
    what = "Tells the language of each document, and rejects other or uncertain ones.",
    how =
        "Apache OpenNLP's model of 103 languages over runs of one to three characters; adds the columns"
            + " language (ISO 639-3) and language_confidence. With keep empty and min-confidence 0 it"
            + " only tells.",
    avoid =
        "Texts of fewer than about fifty characters, mixed languages, and languages that the model does"
            + " not know: it names a relative with confidence.")
public final class LanguageId implements StageTechnique<LanguageIdSettings> {

  @Override
  public Class<LanguageIdSettings> settings() {
    return LanguageIdSettings.class;
  }

  @Override
  public Stage create(LanguageIdSettings settings) {
    return new Tell(settings);
  }

  private record Tell(LanguageIdSettings settings) implements Stage {
    private static final String GUESS = "language_id_guess";
    private static final StructType GUESS_TYPE =
        new StructType()
            .add("language", DataTypes.StringType)
            .add("confidence", DataTypes.DoubleType);

    @Override
    public Columns columns() {
      return Columns.NONE
          .needsText("text")
          .adds("language", DataTypes.StringType)
          .adds("language_confidence", DataTypes.DoubleType);
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> input) {
      int maxCharacters = settings.maxCharacters();
      UDF1<String, Row> guess = text -> guess(text, maxCharacters);
      Dataset<Row> told =
          Rejects.tracked(input)
              .withColumn(GUESS, udf(guess, GUESS_TYPE).apply(when(Rejects.alive(), col("text"))))
              .withColumn("language", col(GUESS + ".language"))
              .withColumn("language_confidence", col(GUESS + ".confidence"))
              .drop(GUESS);
      Column found =
          concat(col("language"), lit(" with "), format_string("%.3f", col("language_confidence")));
      Column uncertain = col("language_confidence").lt(settings.minConfidence());
      Dataset<Row> certain =
          Rejects.mark(
              told,
              when(uncertain, "language-uncertain"),
              concat(found, lit(", at least " + settings.minConfidence() + " asked")));
      if (settings.keep().isEmpty()) {
        return certain;
      }
      Column other = col("language").isInCollection(settings.keep()).unary_$bang();
      return Rejects.mark(
          certain,
          when(other, "language"),
          concat(found, lit(", kept are " + String.join(", ", settings.keep()))));
    }

    private static Row guess(String text, int maxCharacters) {
      if (text == null) {
        return null;
      }
      LanguageDetection.Guess guess = LanguageDetection.guess(text, maxCharacters);
      return RowFactory.create(guess.language(), guess.confidence());
    }
  }
}
