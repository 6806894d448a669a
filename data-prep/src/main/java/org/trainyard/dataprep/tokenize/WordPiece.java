package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trim;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.trainyard.dataprep.tokenize.kernel.WordPieceLearner;
import org.trainyard.dataprep.tokenize.kernel.WordPieces;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Learns a WordPiece vocabulary. */
@Card(
    name = "word-piece",
    what = "Learns a vocabulary of word beginnings and word parts, as BERT-like models read.",
    how =
        """
        Words are counted on the cluster; the most frequent characters are the alphabet, and the most frequent \
        pair of neighbouring pieces becomes a piece until the vocabulary is full. A word is cut from the left into \
        the longest pieces known; one with a character outside the alphabet is unknown as a whole. A small \
        alphabet makes related languages share pieces once map-script has given them one script. The artifact is \
        a tokenizer.json for Hugging Face tooling.\
        """,
    avoid =
        "Spaces between words and rare characters are lost, so texts do not come back: byte-bpe"
            + " loses nothing.",
    papers =
        "Training a Bilingual Language Model by Mapping Tokens onto a Shared Character Space (arXiv"
            + " 2402.16065)")
public final class WordPiece implements TokenizerTechnique<WordPiece.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Number of ids: 3 special tokens, the alphabet, the rest longer pieces.",
              standard = "2048",
              min = WordPieces.FIRST + 1,
              max = 1 << 24)
          int vocabulary,
      @Setting(help = "Most characters to know, the most frequent.", standard = "1000", min = 1)
          int alphabet,
      @Setting(help = "Pairs that occur less often make no piece.", standard = "2", min = 1)
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
    return WordPieceTokenizer.read(files);
  }

  private static Tokenizer learn(Dataset<Row> texts, JobContext context, Settings settings) {
    Dataset<Row> words =
        WordTable.counts(texts)
            .groupBy(trim(col(WordTable.WORD).cast("string")).as(WordTable.WORD))
            .agg(sum(col(WordTable.COUNT)).as(WordTable.COUNT))
            .where(col(WordTable.WORD).rlike("(?U)\\S"))
            .withColumn(WordTable.WORD, col(WordTable.WORD).cast("binary"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      WordTable.Kept kept = WordTable.mostFrequent(words, settings.maxWords());
      context.metric("words", kept.different());
      context.metric("words_left_out_share", kept.leftOutShare());
      Map<String, Long> counts = new HashMap<>();
      for (int word = 0; word < kept.list().size(); word++) {
        counts.put(
            new String(kept.list().word(word), StandardCharsets.UTF_8), kept.list().count(word));
      }
      int most = settings.vocabulary() - WordPieces.FIRST;
      return new WordPieceTokenizer(
          new WordPieces(
              new WordPieceLearner(counts, settings.alphabet())
                  .learn(
                      most,
                      settings.minCount(),
                      done -> {
                        if (done % 100 == 0 || done == most) {
                          context.progress("pieces", done, most, "");
                        }
                      })));
    } finally {
      words.unpersist();
    }
  }
}
