package org.trainyard.training.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.training.engine.Parameters;

@DisplayName("Singles on the wire")
class Float32Test {
  @Test
  void comeBackBitForBitAndCostFourBytesEach() {
    Parameters sent =
        Parameters.of(new float[] {1, Float.NaN, -0f}, new float[0], new float[] {1e-45f});
    byte[] bytes = new Float32().encode(sent);
    assertThat(bytes).hasSize(16);

    ByteBuffer framed = ByteBuffer.allocate(20).putInt(7).put(bytes).flip();
    assertThat(framed.getInt()).isEqualTo(7);
    Parameters received = Parameters.of(new float[3], new float[0], new float[1]);
    new Float32().decode(framed, received);
    assertThat(received).isEqualTo(sent);
    assertThat(framed.remaining()).isZero();
  }
}
