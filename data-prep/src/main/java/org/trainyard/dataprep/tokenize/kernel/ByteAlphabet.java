package org.trainyard.dataprep.tokenize.kernel;

import java.util.Arrays;

/**
 * The printable stand-ins for bytes that byte-level vocabulary files are written with: printable
 * Latin-1 stands for itself, the other 68 bytes are counted up from U+0100.
 *
 * @see <a
 *     href="https://d4mucfpksywv.cloudfront.net/better-language-models/language-models.pdf">Radford
 *     et al. 2019, Language Models are Unsupervised Multitask Learners</a>
 */
public final class ByteAlphabet {
  private static final char[] CHARS = new char[256];
  private static final int[] BYTES = new int[256 + 68];

  static {
    Arrays.fill(BYTES, -1);
    char next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
      CHARS[value] = printable ? (char) value : next++;
      BYTES[CHARS[value]] = value;
    }
  }

  private ByteAlphabet() {}

  /** A byte string as printable text without spaces. */
  public static String text(byte[] bytes) {
    char[] chars = new char[bytes.length];
    for (int at = 0; at < bytes.length; at++) {
      chars[at] = CHARS[bytes[at] & 0xFF];
    }
    return new String(chars);
  }

  /**
   * The byte string that {@link #text} was made of.
   *
   * @throws IllegalArgumentException if a character stands for no byte
   */
  public static byte[] bytes(String text) {
    byte[] bytes = new byte[text.length()];
    for (int at = 0; at < bytes.length; at++) {
      char unit = text.charAt(at);
      if (unit >= BYTES.length || BYTES[unit] < 0) {
        throw new IllegalArgumentException("'%s' stands for no byte".formatted(unit));
      }
      bytes[at] = (byte) BYTES[unit];
    }
    return bytes;
  }
}
