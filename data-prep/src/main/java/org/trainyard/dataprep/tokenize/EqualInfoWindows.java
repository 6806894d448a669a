package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.dataprep.tokenize.kernel.ByteModel;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Compresses text with a small model and cuts it where a fixed number of bits is full. */
@Card(
    name = "equal-info",
    what =
        "Codes text arithmetically under a small model of bytes, in windows of equal bits, one"
            + " token each.",
    how =
        """
        Counts of byte n-grams, learned on the cluster, foretell each byte; as many bytes as fit into a window's \
        bits are one token. Coder and model begin anew in each window, so a window reads alone and the same bytes \
        look alike wherever they stand. Every text round-trips. 16 bits hold most but ask for a large model \
        (65,538 ids); 12 bits suit a small one; 8 bits hold one byte each. reset: false codes each document in \
        one stream instead, the baseline.\
        """,
    avoid =
        "A model over subwords predicts better at equal size. Text unlike that learned from takes"
            + " more windows.",
    papers = "Training LLMs over Neurally Compressed Text (arXiv 2404.03626)")
public final class EqualInfoWindows implements TokenizerTechnique<EqualInfoWindows.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Bits of a window; there are 2 ^ bits + 2 ids.",
              standard = "16",
              min = 8,
              max = 16)
          int bits,
      @Setting(
              help = "Bytes that the model looks back.",
              standard = "3",
              min = 0,
              max = ByteModel.LONGEST)
          int order,
      @Setting(
              help =
                  "Contexts that the model keeps, the most frequent; each takes 512 bytes of an"
                      + " executor's memory.",
              standard = "16384",
              min = 1,
              max = 1 << 20)
          int contexts,
      @Setting(help = "Whether coder and model begin anew in each window.", standard = "true")
          boolean reset) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public TokenizerLearner create(Settings settings) {
    return (texts, context) -> learn(texts, context, settings);
  }

  @Override
  public Tokenizer load(SortedMap<String, String> files) {
    return CompressingTokenizer.read(files);
  }

  private static Tokenizer learn(Dataset<Row> texts, JobContext context, Settings settings) {
    String ngram = NgramTable.NGRAM;
    List<Row> kept =
        NgramTable.counts(texts, settings.order() + 1)
            .groupBy(expr("substring(%1$s, 1, length(%1$s) - 1)".formatted(ngram)).as("context"))
            .agg(
                sum(col(NgramTable.COUNT)).as("all"),
                collect_list(struct(col(ngram), col(NgramTable.COUNT))).as("followers"))
            .orderBy(desc("all"), length(col("context")).asc(), asc("context"))
            .limit(settings.contexts())
            .collectAsList();
    Map<byte[], long[]> counts = new TreeMap<>(Arrays::compareUnsigned);
    for (Row row : kept) {
      long[] followers = new long[256];
      for (Row one : row.<Row>getList(2)) {
        byte[] bytes = one.getAs(0);
        followers[bytes[bytes.length - 1] & 0xFF] = one.getLong(1);
      }
      counts.put(row.getAs(0), followers);
    }
    context.metric("contexts", counts.size());
    return new CompressingTokenizer(settings.bits(), settings.order(), settings.reset(), counts);
  }
}
