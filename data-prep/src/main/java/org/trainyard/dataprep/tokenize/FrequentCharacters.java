package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.kernel.Characters;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Learns a vocabulary of single characters. */
@Card(
    name = "characters",
    what = "Keeps the most frequent characters as tokens; all others become one unknown token.",
    how = "The metric unknown_share says what share of the characters learnt from became unknown.",
    avoid = "It loses what it does not know, above all scripts that it has not seen: a baseline.")
public final class FrequentCharacters implements TokenizerTechnique<FrequentCharacters.Settings> {
  private static final StructType SCHEMA =
      new StructType().add("character", DataTypes.IntegerType).add("count", DataTypes.LongType);

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Number of ids: 3 special tokens, the rest characters.",
              standard = "2048",
              min = Characters.FIRST + 1)
          int vocabulary) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public TokenizerLearner create(Settings settings) {
    return (texts, context) -> learn(texts, context, settings.vocabulary() - Characters.FIRST);
  }

  @Override
  public Tokenizer load(SortedMap<String, String> files) {
    return CharacterTokenizer.read(files);
  }

  private static Tokenizer learn(Dataset<Row> texts, JobContext context, int most) {
    MapPartitionsFunction<Row, Row> count = FrequentCharacters::count;
    Dataset<Row> counts =
        texts
            .mapPartitions(count, Encoders.row(SCHEMA))
            .groupBy(col("character"))
            .agg(sum(col("count")).as("count"))
            .persist();
    try {
      List<Row> kept = counts.orderBy(desc("count"), asc("character")).limit(most).collectAsList();
      long all = counts.agg(coalesce(sum(col("count")), lit(0L))).head().getLong(0);
      long known = kept.stream().mapToLong(row -> row.getLong(1)).sum();
      context.metric("unknown_share", all == 0 ? 0 : 1 - known / (double) all);
      return new CharacterTokenizer(
          new Characters(kept.stream().mapToInt(row -> row.getInt(0)).toArray()));
    } finally {
      counts.unpersist();
    }
  }

  /** A task's counts: no larger than there are characters in Unicode. */
  private static Iterator<Row> count(Iterator<Row> texts) {
    Map<Integer, Long> counts = new HashMap<>();
    while (texts.hasNext()) {
      texts.next().getString(0).codePoints().forEach(one -> counts.merge(one, 1L, Long::sum));
    }
    return counts.entrySet().stream()
        .map(entry -> RowFactory.create(entry.getKey(), entry.getValue()))
        .iterator();
  }
}
