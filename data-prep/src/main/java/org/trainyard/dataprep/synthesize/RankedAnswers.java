package org.trainyard.dataprep.synthesize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.synthesize.kernel.AnswerRanking;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A token table of questions with candidate answers, made up. */
@Card(
    name = "ranked-answers",
    what = "Makes up questions with candidate answers and their retrieval scores, as tokens.",
    how =
        """
        Each question has one relevant candidate (label 1). The score is BM25 on the words that say a question's \
        field, which tells little of relevance: answers of the right field that name the wrong kind of thing score \
        high. A question's candidates are a group. For a classifier as pointwise ranker: evaluate reports how high \
        the relevant one comes.""",
    avoid = "A toy: relevance is a rule of two words.",
    papers = "Training Curricula for Open Domain Answer Re-Ranking (arXiv 2004.14269)")
public final class RankedAnswers implements SourceTechnique<RankedAnswers.Settings> {
  private static final String QUERY = "query";
  private static final String SCORE = "score";

  /** Its settings. */
  public record Settings(
      @Setting(help = "Number of questions.", standard = "1000", min = 1) long questions,
      @Setting(help = "Number of the first question.", standard = "0", min = 0) long first,
      @Setting(help = "Candidates of each.", standard = "10", min = 2, max = 1000) int candidates,
      @Setting(
              help = "Share of the other candidates that are of the right field.",
              standard = "0.4",
              min = 0,
              max = 1)
          double hard,
      @Setting(help = "Decides every question and answer.") long seed)
      implements Serializable {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Source create(Settings settings) {
    return new Answers(settings);
  }

  private record Answers(Settings settings) implements Source {

    @Override
    public List<String> paths() {
      return List.of();
    }

    @Override
    public Columns columns() {
      return new Columns(
          new StructType(),
          made()
              .add(TokenTable.EXAMPLE_ID, DataTypes.LongType)
              .add(TokenTable.GROUP_ID, DataTypes.LongType),
          List.of());
    }

    private static StructType made() {
      return new StructType()
          .add(TokenTable.ID, DataTypes.StringType)
          .add(TokenTable.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType))
          .add(TokenTable.LENGTH, DataTypes.IntegerType)
          .add(TokenTable.BYTES, DataTypes.IntegerType)
          .add(TokenTable.LABEL, DataTypes.IntegerType)
          .add(QUERY, DataTypes.StringType)
          .add(SCORE, DataTypes.DoubleType);
    }

    @Override
    public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
      AnswerRanking ranking = new AnswerRanking(settings.seed(), settings.hard());
      int candidates = settings.candidates();
      FlatMapFunction<Long, Row> draw = question -> candidates(ranking, question, candidates);
      Dataset<Row> rows =
          spark
              .range(settings.first(), settings.first() + settings.questions())
              .as(Encoders.LONG())
              .flatMap(draw, Encoders.row(made()))
              .withColumn(TokenTable.EXAMPLE_ID, xxhash64(col(TokenTable.ID)))
              .withColumn(TokenTable.GROUP_ID, xxhash64(col(QUERY)));
      return TokenTable.describeLabels(
          TokenTable.describe(
              rows, new TokenTable.Facts(AnswerRanking.VOCABULARY, 1, 0, "ranked-answers")),
          List.of("other", "relevant"));
    }
  }

  private static Iterator<Row> candidates(AnswerRanking ranking, long question, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              AnswerRanking.Candidate candidate = ranking.candidate(question, number);
              String query = "question-" + question;
              return RowFactory.create(
                  query + "#" + number,
                  candidate.tokens(),
                  candidate.tokens().length,
                  candidate.tokens().length,
                  candidate.relevant() ? 1 : 0,
                  query,
                  candidate.score());
            })
        .iterator();
  }
}
