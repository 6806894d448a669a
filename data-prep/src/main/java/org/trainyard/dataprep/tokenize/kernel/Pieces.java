package org.trainyard.dataprep.tokenize.kernel;

/**
 * Cuts UTF-8 into pieces that no token crosses. Nothing is dropped or changed, so the pieces put
 * together are the text, byte for byte.
 *
 * <p>A piece is a run of letters and marks, of digits, or of other signs, each with the one space
 * before it; or a run of white space, less the last one if something follows. Runs are cut at
 * {@value #LONGEST_RUN} code points (digits at {@value #LONGEST_NUMBER}, white space at {@value
 * #LONGEST_SPACE}), so that a page without a space costs no more than one with. The same as {@link
 * #REGEX}, in one pass without backtracking.
 */
public final class Pieces {
  /** Longest run of letters or of signs, code points. */
  public static final int LONGEST_RUN = 64;

  /** Longest run of digits, code points. */
  public static final int LONGEST_NUMBER = 3;

  /** Longest run of white space, code points. */
  public static final int LONGEST_SPACE = 16;

  /** The same cut as a regular expression, for other tools. */
  public static final String REGEX =
      " ?[\\p{L}\\p{M}]{1,64}| ?\\p{N}{1,3}| ?[^\\s\\p{L}\\p{M}\\p{N}]{1,64}|\\s{1,16}(?!\\S)|\\s";

  private static final byte LETTER = 0;
  private static final byte NUMBER = 1;
  private static final byte SIGN = 2;
  private static final byte SPACE = 3;
  private static final int[] LONGEST = {LONGEST_RUN, LONGEST_NUMBER, LONGEST_RUN, LONGEST_SPACE};
  private static final byte[] KINDS = new byte[1 << 16];

  static {
    for (int codePoint = 0; codePoint < KINDS.length; codePoint++) {
      KINDS[codePoint] = kindOf(codePoint);
    }
  }

  private Pieces() {}

  /**
   * Where the piece that starts at {@code from} ends.
   *
   * @param text well-formed UTF-8
   * @param from start of a code point, before {@code end}
   * @param end end of the text
   * @return after {@code from}, at most {@code end}
   */
  public static int end(byte[] text, int from, int end) {
    int kind = kind(text, from);
    int at = from;
    if (kind == SPACE) {
      boolean joins = text[from] == ' ' && from + 1 < end && kind(text, from + 1) != SPACE;
      if (!joins) {
        return spaceEnd(text, from, end);
      }
      at = from + 1;
      kind = kind(text, at);
    }
    for (int left = LONGEST[kind]; left > 0 && at < end; left--) {
      byte lead = text[at];
      if (lead >= 0) {
        if (KINDS[lead] != kind) {
          break;
        }
        at++;
      } else if (kind(text, at) == kind) {
        at += width(lead);
      } else {
        break;
      }
    }
    return at;
  }

  private static int spaceEnd(byte[] text, int from, int end) {
    int last = from;
    int at = from;
    for (int left = LONGEST_SPACE; left > 0 && at < end && kind(text, at) == SPACE; left--) {
      last = at;
      at += width(text[at]);
    }
    boolean followed = at < end && kind(text, at) != SPACE;
    return followed && last > from ? last : at;
  }

  private static int width(byte lead) {
    return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
  }

  private static int kind(byte[] text, int at) {
    byte lead = text[at];
    if (lead >= 0) {
      return KINDS[lead];
    }
    return switch (width(lead)) {
      case 2 -> KINDS[(lead & 0x1F) << 6 | text[at + 1] & 0x3F];
      case 3 -> KINDS[(lead & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | text[at + 2] & 0x3F];
      default ->
          kindOf(
              (lead & 0x07) << 18
                  | (text[at + 1] & 0x3F) << 12
                  | (text[at + 2] & 0x3F) << 6
                  | text[at + 3] & 0x3F);
    };
  }

  private static byte kindOf(int codePoint) {
    if (isWhiteSpace(codePoint)) {
      return SPACE;
    }
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> SIGN;
    };
  }

  /** Unicode's White_Space property, which Java's own methods differ from. */
  public static boolean isWhiteSpace(int codePoint) {
    return (codePoint >= 0x09 && codePoint <= 0x0D)
        || codePoint == 0x20
        || codePoint == 0x85
        || codePoint == 0xA0
        || codePoint == 0x1680
        || (codePoint >= 0x2000 && codePoint <= 0x200A)
        || codePoint == 0x2028
        || codePoint == 0x2029
        || codePoint == 0x202F
        || codePoint == 0x205F
        || codePoint == 0x3000;
  }
}
