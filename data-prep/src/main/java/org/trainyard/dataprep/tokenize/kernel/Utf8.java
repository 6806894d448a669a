package org.trainyard.dataprep.tokenize.kernel;

import java.nio.charset.StandardCharsets;

/** Text to UTF-8, refusing what UTF-8 cannot say. */
public final class Utf8 {
  private Utf8() {}

  /**
   * The bytes of a text.
   *
   * @throws BrokenTextException if a surrogate stands alone
   */
  public static byte[] bytes(String text) {
    requirePaired(text);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Checks that a text has UTF-8.
   *
   * @throws BrokenTextException if a surrogate stands alone
   */
  public static void requirePaired(String text) {
    int broken = unpairedSurrogate(text);
    if (broken >= 0) {
      throw new BrokenTextException(text.charAt(broken), broken);
    }
  }

  /** Bytes that a code point takes, 1 to 4. */
  public static int length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /**
   * Where the first surrogate without its other half stands, in UTF-16 units; -1 if there is none.
   */
  public static int unpairedSurrogate(String text) {
    int size = text.length();
    for (int at = 0; at < size; at++) {
      char unit = text.charAt(at);
      if (Character.isSurrogate(unit)) {
        boolean paired =
            Character.isHighSurrogate(unit)
                && at + 1 < size
                && Character.isLowSurrogate(text.charAt(at + 1));
        if (!paired) {
          return at;
        }
        at++;
      }
    }
    return -1;
  }
}
