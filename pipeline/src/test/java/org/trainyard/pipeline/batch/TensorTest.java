package org.trainyard.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A tensor")
class TensorTest {
  private static final byte[] PAGE = {9, 9, 1, 0, 0, 0, 2, 0, 0, 0, 9};

  private static Tensor partOfAPage() {
    return new Tensor("ids", Tensor.Type.INT32, new int[] {2}, ByteBuffer.wrap(PAGE, 2, 8));
  }

  @Test
  void isReadWhereItLies() {
    Tensor tensor = partOfAPage();

    assertThat(tensor.ints().get(1)).isEqualTo(2);
    assertThat(tensor.elements()).isEqualTo(2);
    assertThat(tensor.bytes()).containsExactly(1, 0, 0, 0, 2, 0, 0, 0);
  }

  @Test
  void isEqualWhereverItLies() {
    Tensor alone = Tensor.ofInts("ids", new int[] {2}, new int[] {1, 2});

    assertThat(partOfAPage()).isEqualTo(alone).hasSameHashCodeAs(alone);
  }

  @Test
  void sharesItsBytesWithItsSlices() {
    byte[] values = {1, 2, 3, 4, 5, 6};
    Tensor slice = Tensor.ofBytes("mask", new int[] {3, 2}, values).slice(1, 3);
    values[2] = 7;

    assertThat(slice).isEqualTo(Tensor.ofBytes("mask", new int[] {2, 2}, new byte[] {7, 4, 5, 6}));
  }

  @Test
  void givesTheArrayThatItWasMadeOf() {
    byte[] values = {1, 2};

    assertThat(Tensor.ofBytes("mask", new int[] {2}, values).bytes()).isSameAs(values);
  }

  @Test
  void travelsWithoutThePageThatItIsPartOf() throws Exception {
    byte[] large = new byte[1 << 20];
    Tensor tensor =
        new Tensor("ids", Tensor.Type.INT32, new int[] {2}, ByteBuffer.wrap(large, 2, 8));
    byte[] sent = Utils.serialize(tensor);

    assertThat(sent.length).isLessThan(1000);
    assertThat(Utils.<Tensor>deserialize(sent)).isEqualTo(tensor);
  }

  @Nested
  class Refuses {
    @Test
    void bytesThatDoNotFillItsShape() {
      assertThatThrownBy(
              () -> new Tensor("ids", Tensor.Type.INT32, new int[] {2}, ByteBuffer.wrap(PAGE)))
          .hasMessage("Tensor 'ids' of INT32 [2] cannot have 11 bytes");
    }

    @Test
    void toBeReadAsWhatItIsNot() {
      assertThatThrownBy(() -> partOfAPage().floats())
          .hasMessage("Tensor 'ids' is INT32, not FLOAT32");
    }
  }
}
