package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The printable stand-ins for bytes")
class ByteAlphabetTest {

  @Test
  void standForEachByteOnceAndHoldNoSpace() {
    byte[] all = new byte[256];
    for (int value = 0; value < 256; value++) {
      all[value] = (byte) value;
    }

    String text = ByteAlphabet.text(all);

    assertThat(text.chars().distinct().count()).isEqualTo(256);
    assertThat(text.chars().noneMatch(Character::isWhitespace)).isTrue();
    assertThat(ByteAlphabet.bytes(text)).isEqualTo(all);
  }

  @Test
  void areThoseThatVocabularyFilesUse() {
    assertThat(ByteAlphabet.text(new byte[] {' ', 'a', '\n', (byte) 0xAD})).isEqualTo("ĠaĊŃ");
  }

  @Test
  void refuseOtherCharacters() {
    assertThatThrownBy(() -> ByteAlphabet.bytes("a b")).hasMessageContaining("stands for no byte");
  }
}
