package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Documents to examples of token ids. */
@Card(
    name = "encode",
    what = "Cuts documents into tokens, and long ones into windows: one example each.",
    how =
        """
        A document of more than max-length tokens becomes the examples id#0, id#1, …; their bytes add up to \
        the document's, so that bits per byte are honest. With label, the different values of that column \
        are numbered in sorted order; to number held-out documents alike, connect the labels of the \
        training documents: from: {documents: held-out, tokenizer: learn, labels: encode.labels}.""",
    avoid = "A model cannot learn across the edge of a window.")
public final class Encode implements JobTechnique<Encode.Settings> {
  private static final String TOKENS = "tokens";
  private static final String LABELS = "labels";

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Most tokens of an example; longer documents are cut.",
              standard = "512",
              min = 1)
          int maxLength,
      @Setting(help = "Examples with fewer tokens are rejected.", standard = "1", min = 1)
          int minLength,
      @Setting(help = "Column of the text.", standard = "text") String column,
      @Setting(help = "Column of the label; empty for none.", standard = "") String label,
      @Setting(
              help = "Column whose equal values must stay in one batch; empty for none.",
              standard = "")
          String group,
      @Setting(
              help =
                  "Column of how much a document's examples count in training, a float; empty for"
                      + " none.",
              standard = "")
          String weight) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    Check.require(
        settings.minLength() <= settings.maxLength(),
        "min-length",
        "must be at most max-length (%d), but is %d",
        settings.maxLength(),
        settings.minLength());
    return new Encoding(settings);
  }

  private record Encoding(Settings settings) implements Job {

    private boolean labelled() {
      return !settings.label().isEmpty();
    }

    private boolean grouped() {
      return !settings.group().isEmpty();
    }

    private boolean weighted() {
      return !settings.weight().isEmpty();
    }

    private StructType schema() {
      StructType schema = TokenTable.schema(labelled(), grouped());
      return weighted() ? schema.add(TokenTable.WEIGHT, DataTypes.FloatType) : schema;
    }

    @Override
    public List<Port> inputs() {
      StructType needs =
          new StructType()
              .add(TokenTable.ID, DataTypes.StringType)
              .add(settings.column(), DataTypes.StringType);
      needs = labelled() ? needs.add(settings.label(), DataTypes.StringType) : needs;
      needs = grouped() ? needs.add(settings.group(), DataTypes.StringType) : needs;
      needs = weighted() ? needs.add(settings.weight(), DataTypes.FloatType) : needs;
      List<Port> ports = new ArrayList<>();
      ports.add(Port.table(LearnTokenizer.DOCUMENTS, needs));
      ports.add(Port.artifact(LearnTokenizer.TOKENIZER));
      if (labelled()) {
        ports.add(Port.artifact(LABELS).orNothing());
      }
      return ports;
    }

    @Override
    public List<Port> outputs() {
      Port tokens = Port.table(TOKENS, schema());
      return labelled() ? List.of(tokens, Port.artifact(LABELS)) : List.of(tokens);
    }

    @Override
    public void run(JobContext context) {
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      TokenizerFolder.Opened opened =
          TokenizerFolder.open(context.artifact(LearnTokenizer.TOKENIZER).folder(), storage);
      Dataset<Row> documents =
          context.table(LearnTokenizer.DOCUMENTS).read(context.spark()).select(columns(context));
      List<String> labels = labels(documents, context, storage);
      if (labelled()) {
        Labels.write(labels, context.folder(LABELS), storage);
        context.metric("classes", labels.size());
      }
      Broadcast<Tokenizer> tokenizer =
          JavaSparkContext.fromSparkContext(context.spark().sparkContext())
              .broadcast(opened.tokenizer());
      try {
        context.write(TOKENS, encoded(documents, tokenizer, labels, opened.facts()));
        tell(context, opened.tokenizer());
      } finally {
        tokenizer.destroy();
      }
    }

    /** The documents under the names that {@link Windows} reads, absent columns null. */
    private Column[] columns(JobContext context) {
      Column none = lit(null).cast(DataTypes.StringType);
      boolean licensed =
          Arrays.asList(context.table(LearnTokenizer.DOCUMENTS).schema().fieldNames())
              .contains(TokenTable.LICENCE);
      return new Column[] {
        col(TokenTable.ID),
        col(settings.column()).as(Windows.TEXT),
        (labelled() ? col(settings.label()) : none).as(Windows.LABEL_NAME),
        (grouped() ? col(settings.group()) : none).as(Windows.GROUP),
        (licensed ? col(TokenTable.LICENCE) : none).as(TokenTable.LICENCE),
        (weighted() ? col(settings.weight()) : lit(null).cast(DataTypes.FloatType))
            .as(TokenTable.WEIGHT)
      };
    }

    private List<String> labels(Dataset<Row> documents, JobContext context, Storage storage) {
      if (!labelled()) {
        return List.of();
      }
      return context.has(LABELS)
          ? Labels.read(context.artifact(LABELS).folder(), storage)
          : Labels.distinct(documents, Windows.LABEL_NAME);
    }

    private Dataset<Row> encoded(
        Dataset<Row> documents,
        Broadcast<Tokenizer> tokenizer,
        List<String> labels,
        TokenTable.Facts facts) {
      int maxLength = settings.maxLength();
      int minLength = settings.minLength();
      List<String> names = labels;
      MapPartitionsFunction<Row, Row> cut =
          rows -> new Windows(tokenizer.value(), names, minLength, maxLength).over(rows);
      Dataset<Row> rows =
          documents
              .mapPartitions(cut, Encoders.row(Windows.SCHEMA))
              .withColumn(TokenTable.EXAMPLE_ID, xxhash64(col(TokenTable.ID)));
      rows = grouped() ? rows.withColumn(TokenTable.GROUP_ID, xxhash64(col(Windows.GROUP))) : rows;
      List<String> columns = new ArrayList<>(List.of(schema().fieldNames()));
      columns.addAll(List.of(org.trainyard.pipeline.stage.Rejects.COLUMNS.fieldNames()));
      rows =
          TokenTable.describe(
              rows.select(columns.stream().map(c -> col(c)).toArray(Column[]::new)), facts);
      return labelled() ? TokenTable.describeLabels(rows, names) : rows;
    }

    private static void tell(JobContext context, Tokenizer tokenizer) {
      Column unknown =
          tokenizer.unknown().isEmpty()
              ? lit(0L)
              : expr(
                  "size(filter(%s, id -> id = %d))"
                      .formatted(TokenTable.TOKENS, tokenizer.unknown().getAsInt()));
      Row sums =
          context
              .written(TOKENS)
              .agg(
                  count(lit(1)),
                  coalesce(sum(col(TokenTable.LENGTH)), lit(0L)),
                  coalesce(sum(col(TokenTable.BYTES)), lit(0L)),
                  coalesce(max(col(TokenTable.LENGTH)), lit(0)),
                  coalesce(sum(unknown), lit(0L)))
              .head();
      long units = sums.getLong(1);
      context.metric("examples", sums.getLong(0));
      context.metric("units", units);
      context.metric("bytes", sums.getLong(2));
      context.metric("bytes_per_unit", units == 0 ? 0 : sums.getLong(2) / (double) units);
      context.metric("longest", sums.getInt(3));
      context.metric("vocabulary", tokenizer.vocabulary());
      context.metric("unknown_share", units == 0 ? 0 : sums.getLong(4) / (double) units);
    }
  }
}
