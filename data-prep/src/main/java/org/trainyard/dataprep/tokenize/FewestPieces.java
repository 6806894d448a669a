package org.trainyard.dataprep.tokenize;

import java.util.SortedMap;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Learns a byte-level vocabulary and cuts with it in two ways. */
@Card(
    name = "fewest-pieces",
    what =
        "Cuts each run of letters in two ways with one byte-level vocabulary and keeps the shorter"
            + " cut.",
    how =
        """
        Learns the vocabulary of byte-bpe. Each run is cut by replaying the merges, and by the cheapest sequence \
        of tokens where a frequent token costs less (dynamic programming); the cut with fewer tokens stays, on a \
        tie the cheapest. Meant for scripts without spaces, such as Lao, Thai, Khmer or Burmese. Put \
        map-script with lao-vowels before it. Every text round-trips.\
        """,
    avoid =
        "Equal words may be cut in other ways at other places; where words are short and set apart"
            + " by spaces both cuts mostly agree. Its vocabulary is not for Hugging Face tooling,"
            + " which has no such rule.",
    papers = "LaoPLM: Pre-trained Language Models for Lao (arXiv 2110.05896)")
public final class FewestPieces implements TokenizerTechnique<FewestPieces.Settings> {

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
    TokenizerLearner merges =
        new ByteBpe()
            .create(
                new ByteBpe.Settings(
                    settings.vocabulary(), settings.minCount(), settings.maxWords()));
    return (texts, context) ->
        new FewestPiecesTokenizer(((ByteBpeTokenizer) merges.learn(texts, context)).merges());
  }

  @Override
  public Tokenizer load(SortedMap<String, String> files) {
    return new FewestPiecesTokenizer(TokenizerJson.read(files.get(FewestPiecesTokenizer.FILE)));
  }
}
