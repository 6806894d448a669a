package org.trainyard.training.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Parameters;

/** The upper half of each single, rounded to nearest, ties to even. */
@Card(
    name = "bfloat16",
    what = "Sends 2 bytes a value: the range of a single with 8 bits of precision.",
    how =
        "Each value is rounded to nearest, with an error of at most 1/256 of it. With mode local,"
            + " what travels is the change of the parameters in the round.",
    avoid = "eight-bit sends half as much, with an error that hangs on the largest value nearby.")
public final class Bfloat16 implements CodecTechnique<Bfloat16.Settings> {

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Codec create(Settings settings) {
    return new Halves();
  }

  private record Halves() implements Codec {
    private static final long serialVersionUID = 1;

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public byte[] encode(Parameters values) {
      int length = Math.toIntExact(Math.multiplyExact(values.length(), Short.BYTES));
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      ShortBuffer halves = bytes.asShortBuffer();
      for (int i = 0; i < values.count(); i++) {
        for (float value : values.slice(i)) {
          halves.put(half(value));
        }
      }
      return bytes.array();
    }

    /** Infinities stay, and so do NaNs: rounding could carry them over to zero. */
    private static short half(float value) {
      int bits = Float.floatToRawIntBits(value);
      return Float.isNaN(value)
          ? (short) (bits >>> 16 | 0x40)
          : (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    @Override
    public void decode(ByteBuffer from, Parameters into) {
      ByteOrder before = from.order();
      ShortBuffer halves = from.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
      for (int i = 0; i < into.count(); i++) {
        float[] slice = into.slice(i);
        for (int at = 0; at < slice.length; at++) {
          slice[at] = Float.intBitsToFloat(halves.get() << 16);
        }
      }
      from.position(from.position() + halves.position() * Short.BYTES).order(before);
    }
  }
}
