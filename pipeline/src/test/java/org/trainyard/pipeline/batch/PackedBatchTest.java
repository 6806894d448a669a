package org.trainyard.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A packed batch")
class PackedBatchTest {
  /** Two rows of five units: examples of 2 and 2, and one of 3. */
  private static Batch batch(int examples, int... segments) {
    int[] form = {2, 5};
    byte[] mask = new byte[10];
    for (int at = 0; at < 10; at++) {
      mask[at] = (byte) (segments[at] == 0 ? 0 : 1);
    }
    long[] ids = new long[examples];
    int[] bytes = new int[examples];
    for (int at = 0; at < examples; at++) {
      ids[at] = 10L + at;
      bytes[at] = 7 * at;
    }
    return Batch.of(
        ids,
        Tensor.ofInts(Batch.SEGMENT, form, segments),
        Tensor.ofBytes(Batch.MASK, form, mask),
        Tensor.ofInts(Batch.BYTES, new int[] {examples}, bytes));
  }

  private static final Batch PACKED = batch(3, 1, 1, 2, 2, 0, 1, 1, 1, 0, 0);

  @Test
  void hasFewerRowsThanExamples() {
    assertThat(PACKED.size()).isEqualTo(3);
    assertThat(PACKED.rows()).isEqualTo(2);
    assertThat(PACKED.realUnits()).isEqualTo(7);
    assertThat(PACKED.paddedUnits()).isEqualTo(10);
  }

  @Test
  void isSlicedByRow() {
    Batch first = PACKED.slice(0, 1);
    Batch second = PACKED.slice(1, 2);

    assertThat(first.exampleIds()).containsExactly(10, 11);
    assertThat(first.tensor(Batch.SEGMENT).shape()).containsExactly(1, 5);
    assertThat(second.exampleIds()).containsExactly(12);
    assertThat(second.tensor(Batch.BYTES).ints().get(0)).isEqualTo(14);
    assertThat(second.tensor(Batch.MASK).bytes()).containsExactly(1, 1, 1, 0, 0);
  }

  @Nested
  class LetsUnitsSee {
    @Test
    void onlyTheirOwnExample() {
      assertThat(Segments.attention(PACKED.tensor(Batch.SEGMENT), 0, false))
          .containsExactly(
              1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void andWhatCameBeforeIfCausal() {
      assertThat(Segments.attention(PACKED.tensor(Batch.SEGMENT), 1, true))
          .containsExactly(
              1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  @Nested
  class Refuses {
    @Test
    void anotherNumberOfExamplesThanItsSegmentsSay() {
      assertThatThrownBy(() -> batch(4, 1, 1, 2, 2, 0, 1, 1, 1, 0, 0))
          .hasMessageContaining("A batch of 4 examples");
    }

    @Test
    void segmentsThatAreNotSideBySide() {
      assertThatThrownBy(() -> batch(3, 1, 2, 1, 2, 0, 1, 1, 1, 0, 0))
          .hasMessageContaining("Row 0 has segment 1 after 2 at unit 2");
      assertThatThrownBy(() -> batch(3, 1, 1, 2, 2, 0, 1, 0, 1, 0, 0))
          .hasMessageContaining("Row 1 has segment 1 after 1 at unit 2");
      assertThatThrownBy(() -> batch(3, 1, 1, 3, 3, 0, 1, 1, 1, 0, 0))
          .hasMessageContaining("segment 3 after 1");
    }

    @Test
    void rowsOfNothing() {
      assertThatThrownBy(() -> batch(2, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0))
          .hasMessageContaining("Row 1 holds no example");
    }
  }
}
