package org.trainyard.dataprep.curate.kernel;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * A 128-bit fingerprint of a text: XXH3 over its UTF-16 units. Among n different texts two share
 * one with a probability of about n^2 / 2^129: 1e-15 for a trillion texts. It does not withstand an
 * adversary.
 */
public final class Fingerprint {
  private final Normalisation normalisation;
  private final HashStream128 stream = Hashing.xxh3_128().hashStream();

  public Fingerprint(Normalisation normalisation) {
    this.normalisation = normalisation;
  }

  /**
   * The fingerprint of a text.
   *
   * @return 16 bytes
   */
  public byte[] of(String text) {
    stream.reset();
    if (normalisation == Normalisation.NONE) {
      stream.putChars(text);
    } else {
      putFolded(text);
    }
    HashValue128 value = stream.get();
    return value.toByteArray();
  }

  /**
   * Lower case, each run of white space as one space, none at either end; the length is not put.
   */
  private void putFolded(String text) {
    boolean begun = false;
    boolean space = false;
    int index = 0;
    while (index < text.length()) {
      int codePoint = text.codePointAt(index);
      index += Character.charCount(codePoint);
      if (Letters.isSpace(codePoint)) {
        space = true;
        continue;
      }
      if (space && begun) {
        stream.putChar(' ');
      }
      space = false;
      begun = true;
      int lower = Character.toLowerCase(codePoint);
      if (Character.isBmpCodePoint(lower)) {
        stream.putChar((char) lower);
      } else {
        stream.putChar(Character.highSurrogate(lower));
        stream.putChar(Character.lowSurrogate(lower));
      }
    }
  }
}
