package org.trainyard.dataprep.tokenize;

import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.trainyard.dataprep.tokenize.kernel.MergeLearner;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Learns a byte-level vocabulary. */
@Card(
    name = "byte-bpe",
    what =
        "Learns a vocabulary of frequent byte sequences; every text of every script round-trips.",
    how =
        """
        Texts are cut into words (letters with the space before them, digits, signs, white space); words \
        are counted on the cluster; the most frequent pair of neighbours is merged until the vocabulary \
        is full. A larger vocabulary makes sequences shorter and the model's first and last layers larger: \
        2,000 suits a few MB of text, 32,000 some GB.""",
    avoid =
        "Merges do not cross spaces, so scripts written without them gain less. Reading single bytes "
            + "(bytes) is simpler where sequences are short.",
    papers =
        "Training Multilingual Pre-trained Language Model with Byte-level Subwords (arXiv 2101.09469)")
public final class ByteBpe implements TokenizerTechnique<ByteBpe.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Number of ids: 2 special tokens, 256 bytes, the rest merges.",
              standard = "2048",
              min = Merges.FIRST_MERGE,
              max = 1 << 24)
          int vocabulary,
      @Setting(help = "Pairs that occur less often are not merged.", standard = "2", min = 1)
          long minCount,
      @Setting(
              help =
                  "Different words to learn from, the most frequent; bounds the driver's memory.",
              standard = "1000000",
              min = 1)
          int maxWords) {}

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
    return new ByteBpeTokenizer(TokenizerJson.read(files.get(ByteBpeTokenizer.FILE)));
  }

  private static Tokenizer learn(Dataset<Row> texts, JobContext context, Settings settings) {
    WordTable.Kept words = words(texts, settings.maxWords());
    context.metric("words", words.different());
    context.metric("words_left_out_share", words.leftOutShare());
    int most = settings.vocabulary() - Merges.FIRST_MERGE;
    Merges merges =
        new MergeLearner(words.list())
            .learn(
                most,
                settings.minCount(),
                done -> {
                  if (done % 100 == 0 || done == most) {
                    context.progress("merges", done, most, "");
                  }
                });
    context.metric("merges", merges.size());
    return new ByteBpeTokenizer(merges);
  }

  /** The most frequent words of texts, the same for any partitioning. */
  static WordTable.Kept words(Dataset<Row> texts, int most) {
    Dataset<Row> counts = WordTable.counts(texts).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return WordTable.mostFrequent(counts, most);
    } finally {
      counts.unpersist();
    }
  }
}
