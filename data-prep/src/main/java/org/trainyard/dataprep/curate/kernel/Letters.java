package org.trainyard.dataprep.curate.kernel;

import java.util.BitSet;

/**
 * Classes of code points, as the filters of datatrove 0.10 understand them: white space and line
 * breaks are Python's, sentence ends are Unicode's.
 */
final class Letters {
  /** Signs that alone make no word, beside sentence ends and control characters. */
  private static final String SIGNS =
      "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»";

  /**
   * Sentence_Terminal of Unicode 15 with the Khmer signs that later versions add; hexadecimal,
   * ranges inclusive.
   *
   * @see <a href="https://www.unicode.org/Public/15.0.0/ucd/PropList.txt">PropList.txt</a>
   */
  private static final String SENTENCE_TERMINALS =
      """
      21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362
      1367-1368 166E 1735-1736 17D4-17D6 17D9-17DA 1803 1809 1944-1945 1AA8-1AAB 1B5A-1B5B
      1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F 203C-203D 2047-2049 2E2E 2E3C 2E53-2E54 3002
      A4FF A60E-A60F A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F AAF0-AAF1 ABEB
      FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048
      110BE-110C1 11141-11143 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9
      1144B-1144C 115C2-115C3 115C9-115D7 11641-11642 1173C-1173E 11944 11946 11A42-11A43
      11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5 16B37-16B38 16B44
      16E98 1BC9F 1DA88
      """;

  private static final BitSet SENTENCE_ENDS = ranges(SENTENCE_TERMINALS);
  private static final BitSet PUNCTUATION = punctuation();

  private Letters() {}

  private static BitSet ranges(String hexadecimal) {
    BitSet set = new BitSet();
    for (String range : hexadecimal.strip().split("\\s+")) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1), 16);
      set.set(first, last + 1);
    }
    return set;
  }

  private static BitSet punctuation() {
    BitSet set = (BitSet) SENTENCE_ENDS.clone();
    SIGNS.codePoints().forEach(set::set);
    // Control characters but not tab and line feed, which are only ever between words.
    set.set(0x00, 0x09);
    set.set(0x0B, 0x20);
    set.set(0x7F, 0xA0);
    return set;
  }

  /** Whether Python's {@code str.isspace} holds. */
  static boolean isSpace(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint == ' '
          || (codePoint >= 0x09 && codePoint <= 0x0D)
          || (codePoint >= 0x1C && codePoint <= 0x1F);
    }
    return codePoint == 0x85 || Character.isSpaceChar(codePoint);
  }

  /**
   * Whether Python's {@code str.splitlines} ends a line here; carriage return and line feed are
   * one.
   */
  static boolean breaksLine(int codePoint) {
    return (codePoint >= 0x0A && codePoint <= 0x0D)
        || (codePoint >= 0x1C && codePoint <= 0x1E)
        || codePoint == 0x85
        || codePoint == 0x2028
        || codePoint == 0x2029;
  }

  /** Whether a word of only such code points is no word. */
  static boolean isPunctuation(int codePoint) {
    return PUNCTUATION.get(codePoint);
  }

  /** Whether a sentence may end with it, in any script. */
  static boolean endsSentence(int codePoint) {
    return SENTENCE_ENDS.get(codePoint);
  }
}
