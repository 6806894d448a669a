package org.trainyard.dataprep.tokenize;

import java.util.SortedMap;
import org.trainyard.pipeline.technique.Card;

/** One token per byte. */
@Card(
    name = "bytes",
    what = "Reads each byte of UTF-8 as a token; nothing to learn, every text round-trips.",
    avoid =
        "Sequences are as long as the text has bytes, three times its characters for most of Asia.")
public final class Bytes implements TokenizerTechnique<Bytes.Settings> {

  /** It has none. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public TokenizerLearner create(Settings settings) {
    return (texts, context) -> load(new java.util.TreeMap<>());
  }

  @Override
  public Tokenizer load(SortedMap<String, String> files) {
    return new ByteTokenizer();
  }
}
