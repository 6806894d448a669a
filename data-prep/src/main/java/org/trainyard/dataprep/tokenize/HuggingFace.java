package org.trainyard.dataprep.tokenize;

import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Takes over a vocabulary that Hugging Face tooling wrote. */
@Card(
    name = "huggingface",
    what = "Opens the tokenizer.json of a Hugging Face model; nothing is learned.",
    how =
        """
        The file is copied into the artifact, so that later steps and machines need nothing but the artifact. \
        Ids are those of the file; padding and begin follow its last id, as the file's own special tokens can be \
        written in a text. Special tokens are not added, lengths not cut. Needs a native library, which comes in \
        the application jar for one platform; it is unpacked into the folder that DJL_CACHE_DIR names, or into a \
        temporary one.\
        """,
    avoid =
        "Only byte-level BPE without a normalizer gives back every text; others drop spaces, case"
            + " or rare signs.")
public final class HuggingFace implements TokenizerTechnique<HuggingFace.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "Path of the tokenizer.json, on any Hadoop file system.") String file) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public TokenizerLearner create(Settings settings) {
    Check.require(!settings.file().isBlank(), "file", "must name a tokenizer.json");
    return new Opening(settings.file());
  }

  @Override
  public Tokenizer load(SortedMap<String, String> files) {
    return HuggingFaceVocabulary.of(files.get(HuggingFaceVocabulary.FILE));
  }

  private record Opening(String file) implements TokenizerLearner {

    @Override
    public List<String> files() {
      return List.of(file);
    }

    @Override
    public Tokenizer learn(Dataset<Row> texts, JobContext context) {
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      try {
        HuggingFaceVocabulary opened =
            HuggingFaceVocabulary.of(storage.read(new Path(file)).orElse(""));
        opened.encode("");
        return opened;
      } catch (IllegalArgumentException e) {
        throw new DataException(
            "%s: is no tokenizer.json: %s. Save one with the tokenizer's save_pretrained."
                .formatted(storage.qualified(file), e.getMessage()));
      }
    }
  }
}
