package org.trainyard.dataprep.read.kernel;

import java.nio.charset.StandardCharsets;

/** Strict UTF-8: nothing is replaced, what is broken is found. */
public final class Utf8 {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private Utf8() {}

  /**
   * Finds the first fault: a byte that cannot stand where it does, an over-long form, a surrogate,
   * a code point above U+10FFFF, or a sequence cut off.
   *
   * @return index of the first byte of the faulty sequence; -1 if there is none
   */
  public static int fault(byte[] bytes, int from, int to) {
    int index = from;
    while (index < to) {
      int lead = bytes[index];
      if (lead >= 0) {
        index++;
        continue;
      }
      int length = sequenceLength(lead & 0xFF);
      if (length == 0 || index + length > to || !isSecond(lead & 0xFF, bytes[index + 1] & 0xFF)) {
        return index;
      }
      for (int i = 2; i < length; i++) {
        if ((bytes[index + i] & 0xC0) != 0x80) {
          return index;
        }
      }
      index += length;
    }
    return -1;
  }

  private static int sequenceLength(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  }

  /** The range of the second byte rules out over-long forms, surrogates and what is too large. */
  private static boolean isSecond(int lead, int second) {
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
  }

  /** What a fault is, for people: {@code byte 17 is 0xFF}. */
  public static String describe(byte[] bytes, int from, int fault) {
    return "byte %d is 0x%02X".formatted(fault - from, bytes[fault] & 0xFF);
  }

  /** The text of bytes in which {@link #fault} found none. */
  public static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** Length of the byte order mark that the bytes begin with: 0 or 3. */
  public static int byteOrderMark(byte[] bytes, int from, int to) {
    for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
      if (from + i >= to || bytes[from + i] != BYTE_ORDER_MARK[i]) {
        return 0;
      }
    }
    return BYTE_ORDER_MARK.length;
  }

  /** Whether a text holds half of a surrogate pair, which UTF-8 cannot express. */
  public static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean pair =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
