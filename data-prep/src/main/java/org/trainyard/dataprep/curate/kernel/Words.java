package org.trainyard.dataprep.curate.kernel;

/** Where words begin and end. */
public enum Words {
  /** Split at white space only. */
  SPACED,

  /**
   * The same, and punctuation at either end of a word is apart, a run of one sign being one word:
   * near to what spaCy's tokenizers do.
   */
  PUNCTUATION_APART
}
