package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Windows of equal information")
class EqualInfoTest {
  private static final ByteModel MODEL = model();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteModel model() {
    NgramCounts counts = new NgramCounts(3);
    try {
      counts.add(Files.readAllBytes(Path.of("../conf/data/speeches/1841_john_tyler_wd.txt")));
      counts.add(Files.readAllBytes(Path.of("../conf/data/udhr/lao.html")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return counts.model();
  }

  private static TokenBuffer windows(int bits, byte[] text) {
    TokenBuffer tokens = new TokenBuffer();
    EqualInfo.encode(MODEL, bits, text, 0, tokens);
    return tokens;
  }

  private static byte[] read(int bits, int[] words) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] window = new byte[1 << bits];
    for (int word : words) {
      text.write(window, 0, EqualInfo.decode(MODEL, bits, word, window));
    }
    return text.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 12, 15, 16})
  void giveBackRandomBytes(int bits) {
    SplittableRandom random = new SplittableRandom(bits);
    for (int size = 0; size < 300; size++) {
      byte[] text = new byte[size];
      random.nextBytes(text);
      assertThat(read(bits, windows(bits, text).ids())).isEqualTo(text);
      assertThat(PlainArithmetic.decode(MODEL, bits, plain(bits, text).ids())).isEqualTo(text);
    }
  }

  /** Texts, pages and records, and compressed files, which are as good as random. */
  @Test
  void giveBackEveryBundledFile() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("../conf/data"))) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(70);
      for (Path file : all) {
        byte[] text = Files.readAllBytes(file);
        assertThat(read(16, windows(16, text).ids())).as(file.toString()).isEqualTo(text);
        assertThat(read(12, windows(12, text).ids())).as(file.toString()).isEqualTo(text);
        assertThat(PlainArithmetic.decode(MODEL, 16, plain(16, text).ids()))
            .as(file.toString())
            .isEqualTo(text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 16})
  void areReadAlone(int bits) {
    byte[] text = bytes("The people of these States, and no others, and no others.");
    TokenBuffer tokens = windows(bits, text);
    int from = 0;
    for (int at = 0; at < tokens.size(); at++) {
      int to = from + tokens.bytes(at, at + 1);
      assertThat(read(bits, tokens.ids(at, at + 1))).isEqualTo(Arrays.copyOfRange(text, from, to));
      from = to;
    }
    assertThat(from).isEqualTo(text.length);
  }

  @Test
  void areAsLongAsTheirBitsAllow() {
    byte[] text = bytes("It is the duty of the Congress of the United States to consider");
    TokenBuffer tokens = windows(16, text);
    int from = 0;
    for (int at = 0; at + 1 < tokens.size(); at++) {
      int to = from + tokens.bytes(at, at + 1);
      TokenBuffer longer = windows(16, Arrays.copyOfRange(text, from, to + 1));
      assertThat(longer.size()).as("one byte more takes a second window").isEqualTo(2);
      from = to;
    }
  }

  @Test
  void holdOneByteInEightBits() {
    assertThat(windows(8, bytes("any text")).size()).isEqualTo(8);
  }

  @Test
  void holdMoreOfWhatTheModelForesees() {
    assertThat(windows(16, bytes("of the United States and of the people")).size()).isLessThan(15);
    assertThat(windows(16, bytes("xqz#~qjzxq~|^zqxjq~zxqj#~^|qzxjq^~|#zx")).size())
        .isGreaterThan(15);
  }

  @Test
  void readEveryWordAsSomething() {
    byte[] window = new byte[1 << 12];
    for (int word = 0; word < 1 << 12; word++) {
      assertThat(EqualInfo.decode(MODEL, 12, word, window)).isPositive();
    }
  }

  private static TokenBuffer plain(int bits, byte[] text) {
    TokenBuffer tokens = new TokenBuffer();
    PlainArithmetic.encode(MODEL, bits, text, 0, tokens);
    return tokens;
  }

  @Nested
  class AgainstOneStream {
    private final byte[] text = text();

    private static byte[] text() {
      try {
        return Files.readAllBytes(Path.of("../conf/data/speeches/1870_ulysses_s_grant_r.txt"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Test
    void whichTakesNoMoreBitsThanTheModelSays() {
      double bits = Math.log(ByteModel.TOTAL + 1) / Math.log(2);
      int state = ByteModel.START;
      for (byte one : text) {
        bits +=
            Math.log((ByteModel.TOTAL + 1.0) / MODEL.frequency(state, one & 0xFF)) / Math.log(2);
        state = MODEL.next(state, one & 0xFF);
      }
      assertThat(plain(16, text).size() * 16.0).isBetween(bits, bits * 1.001 + 32);
    }

    @Test
    void theyPayForBeginningAnew() {
      assertThat(windows(16, text).size()).isGreaterThan(plain(16, text).size());
      assertThat(windows(12, text).bytes(0, 1)).isLessThanOrEqualTo(windows(16, text).bytes(0, 1));
    }

    @Test
    void whichAccountsForAllItsBytes() {
      TokenBuffer tokens = plain(12, text);
      assertThat(tokens.bytes(0, tokens.size())).isEqualTo(text.length);
    }

    @Test
    void whichEndsWhenItWasCutOff() {
      int[] ids = plain(16, text).ids(5, 40);
      assertThat(PlainArithmetic.decode(MODEL, 16, ids)).hasSizeLessThan(10_000);
    }
  }
}
