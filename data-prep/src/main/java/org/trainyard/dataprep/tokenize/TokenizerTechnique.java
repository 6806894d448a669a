package org.trainyard.dataprep.tokenize;

import java.util.SortedMap;
import org.trainyard.pipeline.technique.Technique;

/**
 * A kind of tokenizer: {@code tokenizer: {byte-bpe: {vocabulary: 8000}}} in a {@code
 * learn-tokenizer} step.
 *
 * @param <S> its settings
 */
public interface TokenizerTechnique<S extends Record> extends Technique<S, TokenizerLearner> {

  /**
   * Opens what an earlier run learnt.
   *
   * @param files as {@link Tokenizer#files} gave them
   */
  Tokenizer load(SortedMap<String, String> files);
}
