package org.trainyard.training.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Parameters;

/** A byte for each value, and a scale for each block of them. */
@Card(
    name = "eight-bit",
    what =
        "Sends a byte a value: which of 255 steps between the largest value of its block and minus that.",
    how =
        """
        Blocks do not reach over the end of a slice, as slices differ in scale; each block has a scale of 4 bytes. \
        The error of a value is at most 1/254 of the largest of its block. With mode local, what travels is the \
        change of the parameters in the round.\
        """,
    avoid =
        "A block with one value far above the others loses these: shorter blocks lose less and cost"
            + " 4 bytes each.",
    papers = "Training Transformers Together (arXiv 2207.03481)")
public final class EightBit implements CodecTechnique<EightBit.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "Values that share a scale.", standard = "4096", min = 8, max = 1 << 24)
          int block) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Codec create(Settings settings) {
    return new Bytes(settings.block());
  }

  private record Bytes(int block) implements Codec {
    private static final long serialVersionUID = 1;
    private static final int STEPS = 127;

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public byte[] encode(Parameters values) {
      long length = values.length();
      for (int i = 0; i < values.count(); i++) {
        length += (values.slice(i).length + block - 1L) / block * Float.BYTES;
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < values.count(); i++) {
        float[] slice = values.slice(i);
        for (int from = 0; from < slice.length; from += block) {
          encode(slice, from, Math.min(slice.length, from + block), bytes);
        }
      }
      return bytes.array();
    }

    private static void encode(float[] values, int from, int to, ByteBuffer into) {
      float largest = 0;
      for (int at = from; at < to; at++) {
        largest = Math.max(largest, Math.abs(values[at])); // Keeps a NaN.
      }
      into.putFloat(largest);
      double steps = largest > 0 ? STEPS / (double) largest : 0;
      byte[] bytes = into.array();
      int place = into.position();
      for (int at = from; at < to; at++) {
        bytes[place++] = (byte) Math.rint(values[at] * steps);
      }
      into.position(place);
    }

    @Override
    public void decode(ByteBuffer from, Parameters into) {
      ByteOrder before = from.order();
      from.order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < into.count(); i++) {
        float[] slice = into.slice(i);
        for (int start = 0; start < slice.length; start += block) {
          double step = from.getFloat() / (double) STEPS;
          int end = Math.min(slice.length, start + block);
          for (int at = start; at < end; at++) {
            slice[at] = (float) (step * from.get());
          }
        }
      }
      from.order(before);
    }
  }
}
