package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A model of bytes")
class ByteModelTest {
  private static ByteModel model(int order, String... texts) {
    NgramCounts counts = new NgramCounts(order);
    for (String text : texts) {
      counts.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return counts.model();
  }

  @Test
  void givesEachByteAShareAndTheSharesAddUp() {
    ByteModel model = model(3, "banana and bandana");
    for (int state = 0; state < model.contexts(); state++) {
      int sum = 0;
      for (int value = 0; value < 256; value++) {
        assertThat(model.frequency(state, value)).isPositive();
        assertThat(model.below(state, value)).isEqualTo(sum);
        sum += model.frequency(state, value);
      }
      assertThat(sum).isEqualTo(ByteModel.TOTAL);
    }
  }

  @Test
  void findsTheByteThatAPointBelongsTo() {
    ByteModel model = model(2, "abracadabra");
    for (int point = 0; point < ByteModel.TOTAL; point += 7) {
      int value = model.at(ByteModel.START, point);
      assertThat(point)
          .isBetween(
              model.below(ByteModel.START, value), model.below(ByteModel.START, value + 1) - 1);
    }
  }

  @Test
  void mixesCountsWithTheShorterContextAsWittenAndBellDid() {
    ByteModel model = model(0, "aab");
    // 2 different followers in 3: (2 * 65536 + 2 * 256) / 5 of 65536, of what bytes leave over.
    long expected = 1 + (2L * 65536 + 2 * 256) * (65536 - 256) / (5L * 65536);
    assertThat((long) model.frequency(ByteModel.START, 'a')).isBetween(expected, expected + 256);
    assertThat(model.frequency(ByteModel.START, 'z'))
        .isEqualTo((int) (1 + 2L * 256 * (65536 - 256) / (5L * 65536)));
  }

  @Test
  void takesAllBytesForAlikeWhenItKnowsNothing() {
    ByteModel model = new ByteModel(2, Map.of());
    assertThat(model.contexts()).isEqualTo(1);
    assertThat(model.frequency(ByteModel.START, 'a')).isEqualTo(256);
    assertThat(model.next(ByteModel.START, 'a')).isEqualTo(ByteModel.START);
  }

  @Test
  void looksAtTheLongestContextItKnows() {
    ByteModel model = model(2, "xaybxaybxaxb");
    int afterX = model.next(ByteModel.START, 'x');
    int afterXa = model.next(afterX, 'a');
    int afterQa = model.next(model.next(ByteModel.START, 'q'), 'a');
    assertThat(afterXa).isNotEqualTo(afterQa);
    assertThat(model.frequency(afterXa, 'y')).isGreaterThan(ByteModel.TOTAL / 2);
    assertThat(afterQa).isEqualTo(model.next(ByteModel.START, 'a'));
  }

  @Test
  void keepsProportionsOfCountsBeyondAllBounds() {
    long[] followers = new long[256];
    followers['a'] = Long.MAX_VALUE / 4;
    followers['b'] = Long.MAX_VALUE / 4;
    followers['c'] = 1;
    ByteModel model = new ByteModel(0, Map.of(new byte[0], followers));
    assertThat(model.frequency(ByteModel.START, 'a')).isBetween(32_500, 32_800);
    assertThat(model.frequency(ByteModel.START, 'b')).isBetween(32_500, 32_800);
    assertThat(model.frequency(ByteModel.START, 'c')).isEqualTo(1);
  }

  @Test
  void refusesContextsBeyondItsOrder() {
    assertThatThrownBy(() -> new ByteModel(1, Map.of(new byte[2], new long[256])))
        .hasMessageContaining("longer than 1");
    assertThatThrownBy(() -> new ByteModel(4, Map.of())).hasMessageContaining("0 to 3");
  }
}
