package org.trainyard.dataprep.tokenize;

import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Takes over a vocabulary of OpenAI's models, or any file of ranks in their form. */
@Card(
    name = "tiktoken",
    what =
        "Uses a byte-level vocabulary of OpenAI's models; nothing is learned, every text"
            + " round-trips.",
    how =
        """
        r50k_base, p50k_base, cl100k_base and o200k_base come with the application. Another vocabulary is a file \
        of ranks (.tiktoken, one base64 token and its rank a line) and the pattern that cuts text before it. Ids \
        are those of the vocabulary; padding and begin follow its last id. Special tokens such as \
        <|endoftext|> are text like any other.\
        """,
    avoid =
        "Vocabularies of 50,000 to 200,000 ids need a large model; for a small one learn your own.")
public final class TikToken implements TokenizerTechnique<TikToken.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "r50k_base, p50k_base, cl100k_base or o200k_base; not used with ranks.",
              standard = "cl100k_base")
          String vocabulary,
      @Setting(
              help = "Path of a file of ranks, on any Hadoop file system; empty for none.",
              standard = "")
          String ranks,
      @Setting(
              help =
                  "Regular expression whose matches are cut further, only with ranks; empty for"
                      + " that of GPT-2.",
              standard = "")
          String pattern) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public TokenizerLearner create(Settings settings) {
    if (settings.ranks().isEmpty()) {
      Check.require(
          RankTokenizer.SIZES.containsKey(settings.vocabulary()),
          "vocabulary",
          "'%s' is unknown; choose one of %s, or give ranks",
          settings.vocabulary(),
          RankTokenizer.SIZES.keySet());
      Tokenizer known = RankTokenizer.named(settings.vocabulary());
      return (texts, context) -> known;
    }
    try {
      Pattern.compile(settings.pattern());
    } catch (PatternSyntaxException e) {
      throw new ConfigException("pattern", e.getMessage());
    }
    return new Opening(
        settings.ranks(),
        settings.pattern().isEmpty() ? RankTokenizer.GPT2_PATTERN : settings.pattern());
  }

  @Override
  public Tokenizer load(SortedMap<String, String> files) {
    return RankTokenizer.read(files);
  }

  private record Opening(String ranks, String pattern) implements TokenizerLearner {

    @Override
    public List<String> files() {
      return List.of(ranks);
    }

    @Override
    public Tokenizer learn(Dataset<Row> texts, JobContext context) {
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      try {
        return RankTokenizer.of(pattern, storage.read(new Path(ranks)).orElse(""));
      } catch (IllegalArgumentException e) {
        throw new DataException(
            "%s: %s. A line is a token in base64, a space and its rank."
                .formatted(storage.qualified(ranks), e.getMessage()));
      }
    }
  }
}
