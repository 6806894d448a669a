package org.trainyard.training.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.training.engine.Parameters;

@DisplayName("Codecs that lose bits")
class LossyCodecsTest {
  private static final Codec HALVES = new Bfloat16().create(new Bfloat16.Settings());

  private static Codec bytes(int block) {
    return new EightBit().create(new EightBit.Settings(block));
  }

  private static Stream<Codec> all() {
    return Stream.of(HALVES, bytes(8), bytes(4096));
  }

  private static Parameters random(int... lengths) {
    SplittableRandom random = new SplittableRandom(lengths.length);
    float[][] slices = new float[lengths.length][];
    for (int slice = 0; slice < slices.length; slice++) {
      slices[slice] = new float[lengths[slice]];
      for (int at = 0; at < slices[slice].length; at++) {
        slices[slice][at] = (float) (random.nextGaussian() * Math.pow(10, slice));
      }
    }
    return Parameters.of(slices);
  }

  private static Parameters received(Codec codec, Parameters sent) {
    float[][] slices = new float[sent.count()][];
    for (int slice = 0; slice < slices.length; slice++) {
      slices[slice] = new float[sent.slice(slice).length];
    }
    Parameters received = Parameters.of(slices);
    codec.decode(ByteBuffer.wrap(codec.encode(sent)), received);
    return received;
  }

  @ParameterizedTest
  @MethodSource("all")
  void sayThatTheyDo(Codec codec) {
    assertThat(codec.exact()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("all")
  void writeTheSameBytesForTheSameValuesAndMoveBehindThem(Codec codec) {
    Parameters sent = random(1000, 0, 17);
    byte[] bytes = codec.encode(sent);
    assertThat(codec.encode(sent.copy())).isEqualTo(bytes);

    ByteBuffer framed = ByteBuffer.allocate(bytes.length + 8).putInt(7).put(bytes).putInt(9).flip();
    assertThat(framed.getInt()).isEqualTo(7);
    codec.decode(framed, Parameters.of(new float[1000], new float[0], new float[17]));
    assertThat(framed.getInt()).isEqualTo(9);
  }

  @ParameterizedTest
  @MethodSource("all")
  void loseNothingTwice(Codec codec) {
    Parameters once = received(codec, random(300, 5));

    assertThat(received(codec, once)).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepZerosAndSigns(Codec codec) {
    Parameters sent = Parameters.of(new float[] {0, -3, 3, 0});

    assertThat(received(codec, sent)).isEqualTo(sent);
  }

  @ParameterizedTest
  @MethodSource("all")
  void letWhatIsNotFiniteBeSeen(Codec codec) {
    assertThat(received(codec, Parameters.of(new float[] {1, Float.NaN})).finite()).isFalse();
    assertThat(received(codec, Parameters.of(new float[] {1, Float.NEGATIVE_INFINITY})).finite())
        .isFalse();
  }

  @Nested
  class Halves {
    @Test
    void costTwoBytesEach() {
      assertThat(HALVES.encode(random(10, 7))).hasSize(34);
    }

    @Test
    void roundToTheNearestAndToEven() {
      float ulp = 1 / 128f;
      Parameters sent =
          Parameters.of(new float[] {1 + ulp / 2, 1 + 1.5f * ulp, 1 + 0.6f * ulp, 3.4e38f});

      assertThat(received(HALVES, sent).slice(0))
          .containsExactly(1, 1 + 2 * ulp, 1 + ulp, Float.POSITIVE_INFINITY);
    }

    @Test
    void areOffByAtMostOneIn256() {
      Parameters sent = random(5000);
      float[] back = received(HALVES, sent).slice(0);
      for (int at = 0; at < back.length; at++) {
        float value = sent.slice(0)[at];
        assertThat(back[at]).isCloseTo(value, within(Math.abs(value) / 256));
      }
    }
  }

  @Nested
  class Bytes {
    @Test
    void costOneEachAndFourABlockOfASlice() {
      assertThat(bytes(8).encode(random(9, 8, 0, 1))).hasSize(18 + 4 * (2 + 1 + 1));
    }

    @Test
    void areOffByAtMostHalfAStepOfTheirBlock() {
      Parameters sent = random(100, 64);
      Parameters back = received(bytes(32), sent);
      for (int slice = 0; slice < sent.count(); slice++) {
        float[] values = sent.slice(slice);
        for (int at = 0; at < values.length; at++) {
          float largest = 0;
          for (int near = at / 32 * 32; near < Math.min(values.length, at / 32 * 32 + 32); near++) {
            largest = Math.max(largest, Math.abs(values[near]));
          }
          assertThat(back.slice(slice)[at]).isCloseTo(values[at], within(largest / 253));
        }
      }
    }

    @Test
    void keepASmallSliceBesideALargeOne() {
      Parameters back =
          received(bytes(4096), Parameters.of(new float[] {1e6f, -1e6f}, new float[] {1e-6f, 0}));

      assertThat(back.slice(1)).containsExactly(1e-6f, 0);
    }
  }
}
