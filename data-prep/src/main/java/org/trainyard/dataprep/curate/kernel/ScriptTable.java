package org.trainyard.dataprep.curate.kernel;

import java.util.HashMap;
import java.util.Map;

/** Tables of letters that are known by name. */
public enum ScriptTable {
  /** Replaces nothing. */
  NONE(""),

  /**
   * Arabic letters to the Hebrew letter of the same descent, as the Academy of the Hebrew Language
   * transliterates them, but without the geresh that tells apart what Hebrew has no letter for: 36
   * letters become 22.
   */
  ARABIC_TO_HEBREW(
      """
      ا א
      أ א
      إ א
      آ א
      ٱ א
      ء א
      ى א
      ب ב
      ت ת
      ة ה
      ث ת
      ج ג
      ح ח
      خ ח
      د ד
      ذ ד
      ر ר
      ز ז
      س ס
      ش ש
      ص צ
      ض צ
      ط ט
      ظ ט
      ع ע
      غ ע
      ف פ
      ق ק
      ك כ
      ل ל
      م מ
      ن נ
      ه ה
      و ו
      ؤ ו
      ي י
      ئ י
      """),

  /**
   * The Lao vowel AM in one piece where it was written as niggahita and AA, with or without a tone
   * mark: both look alike, and a vocabulary must not learn them twice.
   */
  LAO_VOWELS(
      """
      \u0ECD\u0EB2 \u0EB3
      \u0ECD\u0EC8\u0EB2 \u0EC8\u0EB3
      \u0ECD\u0EC9\u0EB2 \u0EC9\u0EB3
      \u0ECD\u0ECA\u0EB2 \u0ECA\u0EB3
      \u0ECD\u0ECB\u0EB2 \u0ECB\u0EB3
      """);

  private final String lines;

  ScriptTable(String lines) {
    this.lines = lines;
  }

  /** What is replaced to what by. */
  public Map<String, String> letters() {
    Map<String, String> letters = new HashMap<>();
    lines.lines().map(line -> line.split(" ")).forEach(line -> letters.put(line[0], line[1]));
    return letters;
  }
}
