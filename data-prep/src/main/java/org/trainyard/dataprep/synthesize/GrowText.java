package org.trainyard.dataprep.synthesize;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.synthesize.kernel.TextGrowth;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A little real text to much text like it. */
@Card(
    name = "grow-text",
    what = "Makes up any amount of text with the word statistics of a little real text.",
    how =
        """
        Known words come as often as in the real text; new-words of all are spelt by chance, each letter by \
        the two before it, with frequencies that fall by a power law: so the number of different words keeps \
        growing with the length, as it does in real text, in every script. A document is a function of seed \
        and number alone. It serves to try out the size of a cluster, a vocabulary or a disk.""",
    avoid =
        "Words follow each other by chance: a model learns nothing from it but their frequencies.")
public final class GrowText implements JobTechnique<GrowText.Settings> {
  private static final String DOCUMENTS = "documents";
  private static final String ID = "id";
  private static final String TEXT = "text";
  private static final StructType SCHEMA =
      new StructType().add(ID, DataTypes.StringType).add(TEXT, DataTypes.StringType);

  /** Known words kept at most, the most frequent. */
  private static final int MOST_WORDS = 1 << 18;

  /** Its settings. */
  public record Settings(
      @Setting(help = "Number of documents.", standard = "250000", min = 1) long count,
      @Setting(
              help = "Characters of a document; it ends with the word that reaches them.",
              standard = "4000",
              min = 1)
          int characters,
      @Setting(help = "Share of all words that are new ones.", standard = "0.1", min = 0, max = 1)
          double newWords,
      @Setting(
              help = "Tasks that make them; the text does not depend on it.",
              standard = "64",
              min = 1)
          int slices,
      @Setting(help = "Decides every word.") long seed) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Growing(settings);
  }

  private record Growing(Settings settings) implements Job {

    @Override
    public List<Port> inputs() {
      return List.of(Port.table(DOCUMENTS, new StructType().add(TEXT, DataTypes.StringType)));
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.table(DOCUMENTS, SCHEMA));
    }

    @Override
    public void run(JobContext context) {
      List<Row> known =
          context
              .table(DOCUMENTS)
              .read(context.spark())
              .select(explode(split(col(TEXT), "\\s+")).as("word"))
              .where(col("word").notEqual(""))
              .groupBy("word")
              .agg(count(lit(1)).as("count"))
              .orderBy(desc("count"), asc("word"))
              .limit(MOST_WORDS)
              .collectAsList();
      if (known.isEmpty()) {
        throw new DataException(
            "%s: the documents have no word. Give it some real text.".formatted(context.step()));
      }
      context.metric("known_words", known.size());
      TextGrowth growth =
          new TextGrowth(
              known.stream().map(row -> row.getString(0)).toList(),
              known.stream().mapToLong(row -> row.getLong(1)).toArray(),
              settings.newWords(),
              settings.seed());
      Broadcast<TextGrowth> sent =
          JavaSparkContext.fromSparkContext(context.spark().sparkContext()).broadcast(growth);
      try {
        context.write(DOCUMENTS, grown(context, sent));
      } finally {
        sent.destroy();
      }
    }

    private Dataset<Row> grown(JobContext context, Broadcast<TextGrowth> growth) {
      int characters = settings.characters();
      MapFunction<Long, Row> write =
          number -> {
            StringBuilder text = new StringBuilder(characters + 64);
            growth.value().document(number, characters, text);
            return RowFactory.create("grown-" + number, text.toString());
          };
      return context
          .spark()
          .range(0, settings.count(), 1, settings.slices())
          .as(Encoders.LONG())
          .map(write, Encoders.row(SCHEMA));
    }
  }
}
