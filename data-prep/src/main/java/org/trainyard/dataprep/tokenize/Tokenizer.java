package org.trainyard.dataprep.tokenize;

import java.io.Serializable;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;

/** Text to token ids and back. Immutable, thread-safe, sent to executors. */
public interface Tokenizer extends Serializable {

  /** Number of ids; ids are 0 to this - 1. */
  int vocabulary();

  /** Id that stands before the first token of an example; never made from text. */
  int begin();

  /** Id that fills up short examples; never made from text. */
  int pad();

  /** Id of what the vocabulary cannot say; nothing if it can say every text. */
  OptionalInt unknown();

  /** Whether {@link #decode} of {@link #encode} is the text again, for every text. */
  boolean exact();

  /** A fresh encoder; one per thread, kept between documents because it may remember words. */
  Encoder encoder();

  /**
   * The text of ids. Special tokens say nothing; bytes that are not UTF-8, as at the edge of a
   * window, come out as U+FFFD.
   */
  String decode(int[] ids);

  /** What {@link TokenizerTechnique#load} needs to make it again: file name to text. */
  SortedMap<String, String> files();

  /** The ids of one text. */
  default int[] encode(String text) {
    TokenBuffer tokens = new TokenBuffer();
    encoder().encode(text, tokens);
    return tokens.ids();
  }

  /** Encodes one document after the other. Not thread-safe. */
  interface Encoder {

    /**
     * Appends the tokens of a text.
     *
     * @throws org.trainyard.dataprep.tokenize.kernel.BrokenTextException if a surrogate stands
     *     alone
     */
    void encode(String text, TokenBuffer out);
  }
}
