package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;

/** Learns a tokenizer from documents. */
@Card(
    name = "learn-tokenizer",
    what = "Learns the tokenizer that encode cuts documents with, from the documents themselves.",
    how = "Learn from training documents only, so that held-out ones stay unseen.")
public final class LearnTokenizer implements JobTechnique<LearnTokenizer.Settings> {
  /** Name of the input. */
  static final String DOCUMENTS = "documents";

  /** Name of the output. */
  static final String TOKENIZER = "tokenizer";

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Kind of tokenizer.",
              standard = "byte-bpe",
              technique = TokenizerTechnique.class)
          Choice<TokenizerLearner> tokenizer,
      @Setting(help = "Column of the text.", standard = "text") String column) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Learning(settings, settings.tokenizer().create());
  }

  private record Learning(Settings settings, TokenizerLearner learner) implements Job {

    @Override
    public List<Port> inputs() {
      return List.of(
          Port.table(DOCUMENTS, new StructType().add(settings.column(), DataTypes.StringType)));
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.artifact(TOKENIZER));
    }

    @Override
    public List<String> files() {
      return learner.files();
    }

    @Override
    public void run(JobContext context) {
      Dataset<Row> texts =
          context
              .table(DOCUMENTS)
              .read(context.spark())
              .select(col(settings.column()))
              .where(col(settings.column()).isNotNull());
      Tokenizer tokenizer = learner.learn(texts, context);
      context.metric("vocabulary", tokenizer.vocabulary());
      TokenizerFolder.write(
          tokenizer,
          settings.tokenizer().name(),
          context.folder(TOKENIZER),
          new Storage(context.spark().sparkContext().hadoopConfiguration()));
    }
  }
}
