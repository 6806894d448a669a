package org.trainyard.dataprep.tokenize.kernel;

import java.util.SplittableRandom;

/**
 * Seeded texts for tests: words, spaces of all kinds, digits, signs, and letters of many scripts.
 */
public final class Texts {
  private static final String[] PARTS = {
    " ", " ", " ", "  ", "\n", "\t", "\u00A0", "\u3000", "a", "b", "ab", "abc", "the", "then",
        "aaa", "é",
    "e\u0301", "Straße", "мир", "שלום", "नमस्ते", "你好", "世界", "สวัสดี", "1", "42", "2024", "½", "٣",
        ".", ",", "--",
    "...", "😀", "👩‍👩‍👧", "\u0000", "\uFFFD", "_", "$", "𝔸"
  };

  private Texts() {}

  /** A text of some parts drawn at random. */
  public static String random(SplittableRandom random, int parts) {
    StringBuilder text = new StringBuilder();
    for (int part = 0; part < parts; part++) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }
}
