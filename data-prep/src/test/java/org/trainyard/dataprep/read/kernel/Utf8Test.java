package org.trainyard.dataprep.read.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Strict UTF-8")
class Utf8Test {
  /** The edges of every range in which the rules change. */
  private static final int[] EDGES = {
    0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
    0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  private static int faultByJdk(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(in, CharBuffer.allocate(bytes.length + 1), true)
            .isError()
        ? in.position()
        : -1;
  }

  @Test
  void findsTheFirstFaultThatTheJdkFinds() {
    byte[] bytes = new byte[4];
    for (int a : EDGES) {
      for (int b : EDGES) {
        for (int c : EDGES) {
          for (int d : EDGES) {
            bytes[0] = (byte) a;
            bytes[1] = (byte) b;
            bytes[2] = (byte) c;
            bytes[3] = (byte) d;
            assertThat(Utf8.fault(bytes, 0, 4)).isEqualTo(faultByJdk(bytes));
          }
        }
      }
    }
  }

  @Test
  void acceptsEveryCodePointAndSeesEveryCut() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2000; i++) {
      int codePoint = random.nextInt(0x110000);
      if (codePoint < 0xD800 || codePoint > 0xDFFF) {
        byte[] bytes = ("a" + Character.toString(codePoint)).getBytes(StandardCharsets.UTF_8);
        assertThat(Utf8.fault(bytes, 0, bytes.length)).isEqualTo(-1);
        if (bytes.length > 2) {
          assertThat(Utf8.fault(bytes, 0, bytes.length - 1)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void tellsTheByteWithinItsText() {
    byte[] bytes = {'x', 'x', 'a', (byte) 0xFF};
    assertThat(Utf8.describe(bytes, 2, Utf8.fault(bytes, 2, 4))).isEqualTo("byte 1 is 0xFF");
  }

  @Test
  void findsHalvesOfSurrogatePairs() {
    assertThat(Utf8.hasLoneSurrogate("a😀b")).isFalse();
    assertThat(Utf8.hasLoneSurrogate("a\uD83D")).isTrue();
    assertThat(Utf8.hasLoneSurrogate("\uDE00\uD83D")).isTrue();
    assertThat(Utf8.hasLoneSurrogate("\uD83Dx")).isTrue();
  }
}
