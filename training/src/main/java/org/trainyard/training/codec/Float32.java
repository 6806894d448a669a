package org.trainyard.training.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Parameters;

/** Every value as it is: IEEE singles, little-endian, slice after slice, nothing around them. */
@Card(
    name = "float32",
    what = "Sends every value as it is, 4 bytes each.",
    how = "Nothing is lost, so parameters themselves can travel, not only their changes.",
    avoid = "On a slow network bfloat16 halves the bytes and eight-bit quarters them.")
public final class Float32 implements CodecTechnique<Float32.Settings>, Codec {
  private static final long serialVersionUID = 1;

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Codec create(Settings settings) {
    return this;
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public byte[] encode(Parameters values) {
    int length = Math.toIntExact(Math.multiplyExact(values.length(), Float.BYTES));
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = bytes.asFloatBuffer();
    for (int i = 0; i < values.count(); i++) {
      floats.put(values.slice(i));
    }
    return bytes.array();
  }

  @Override
  public void decode(ByteBuffer from, Parameters into) {
    ByteOrder before = from.order();
    FloatBuffer floats = from.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int i = 0; i < into.count(); i++) {
      floats.get(into.slice(i));
    }
    from.position(from.position() + floats.position() * Float.BYTES).order(before);
  }
}
