package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Encoding with byte-pair merges")
class MergeEncoderTest {
  private static final Merges MERGES = learnt();

  private static Merges learnt() {
    WordCounts counts = new WordCounts();
    SplittableRandom random = new SplittableRandom(3);
    for (int text = 0; text < 200; text++) {
      counts.addPieces(Utf8.bytes(Texts.random(random, 50)));
    }
    WordList words = new WordList();
    for (int word = 0; word < counts.size(); word++) {
      words.add(counts.word(word), counts.count(word));
    }
    return new MergeLearner(words).learn(300, 2, done -> {});
  }

  private static byte[] bytesOf(TokenBuffer tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : tokens.ids()) {
      bytes.writeBytes(MERGES.bytes(id));
    }
    return bytes.toByteArray();
  }

  @Test
  void givesBackEveryCodePointOfUnicode() {
    MergeEncoder encoder = new MergeEncoder(MERGES);
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] bytes = Utf8.bytes(Character.toString(codePoint));
      TokenBuffer tokens = new TokenBuffer();
      encoder.encode(bytes, tokens);
      if (!Arrays.equals(bytesOf(tokens), bytes)) {
        assertThat(bytesOf(tokens)).as("U+%x", codePoint).isEqualTo(bytes);
      }
    }
  }

  @Test
  void givesBackAnyTextAndSaysWhereEachTokenEnds() {
    SplittableRandom random = new SplittableRandom(5);
    MergeEncoder encoder = new MergeEncoder(MERGES);
    for (int trial = 0; trial < 500; trial++) {
      byte[] bytes = Utf8.bytes(Texts.random(random, random.nextInt(80)));
      TokenBuffer tokens = new TokenBuffer();
      encoder.encode(bytes, tokens);

      assertThat(bytesOf(tokens)).isEqualTo(bytes);
      assertThat(tokens.bytes(0, tokens.size())).isEqualTo(bytes.length);
      int cut = tokens.size() / 2;
      assertThat(tokens.bytes(0, cut) + tokens.bytes(cut, tokens.size())).isEqualTo(bytes.length);
    }
  }

  @Test
  void cutsLongPiecesAsTheTextbookDoes() {
    List<TextbookMerges.Merge> merges = new ArrayList<>();
    WordList words = new WordList();
    SplittableRandom random = new SplittableRandom(9);
    for (int word = 0; word < 200; word++) {
      words.add(letters(random, 8), 1L + word);
    }
    Merges learnt = new MergeLearner(words).learn(120, 1, done -> {});
    for (int merge = 0; merge < learnt.size(); merge++) {
      merges.add(
          new TextbookMerges.Merge(
              latin(learnt.bytes(learnt.left(merge))), latin(learnt.bytes(learnt.right(merge)))));
    }
    MergeEncoder encoder = new MergeEncoder(learnt);
    for (int length = 2; length <= Pieces.LONGEST_RUN; length++) {
      byte[] word = letters(random, length);
      TokenBuffer tokens = new TokenBuffer();
      encoder.encode(word, tokens);

      List<String> cut = new ArrayList<>();
      for (int id : tokens.ids()) {
        cut.add(latin(learnt.bytes(id)));
      }
      assertThat(cut).isEqualTo(TextbookMerges.cut(latin(word), merges));
    }
  }

  private static byte[] letters(SplittableRandom random, int length) {
    byte[] word = new byte[length];
    for (int at = 0; at < length; at++) {
      word[at] = (byte) ('a' + random.nextInt(3));
    }
    return word;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void forgetsNothingThatMattersWhenItsMemoryIsFull() {
    MergeEncoder encoder = new MergeEncoder(MERGES);
    byte[] probe = Utf8.bytes(" then the Straße");
    TokenBuffer before = new TokenBuffer();
    encoder.encode(probe, before);
    TokenBuffer many = new TokenBuffer();
    for (int word = 0; word < 150_000; word++) {
      encoder.encode(
          Utf8.bytes(" " + Integer.toString(word * 7919, 26).replaceAll("[0-9]", "x")), many);
      many.clear();
    }
    TokenBuffer after = new TokenBuffer();
    encoder.encode(probe, after);

    assertThat(after.ids()).isEqualTo(before.ids());
  }

  @Test
  void rejectsUnpairedSurrogatesWithTheirPosition() {
    assertThatThrownBy(() -> Utf8.bytes("ab\uD83Dcd"))
        .isInstanceOf(BrokenTextException.class)
        .hasMessage("unpaired surrogate U+D83D at position 2")
        .extracting("position")
        .isEqualTo(2);
    assertThatThrownBy(() -> Utf8.bytes("😀\uDE00")).hasMessageContaining("position 2");
    assertThatThrownBy(() -> Utf8.bytes("x\uD83D")).hasMessageContaining("position 1");
  }
}
