package org.trainyard.training.round;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/**
 * How parameters lie in one vector, and how records become bytes, whatever Spark's serializer is.
 */
final class Wire {
  private Wire() {}

  /** One vector of several sets, one after the other; shares their arrays. */
  static Parameters join(Parameters first, List<Parameters> others) {
    List<float[]> slices = new ArrayList<>(slices(first));
    others.forEach(other -> slices.addAll(slices(other)));
    return Parameters.of(slices.toArray(float[][]::new));
  }

  /** The sets of a joined vector; shares its arrays. */
  static List<Parameters> split(Parameters joined, int sets) {
    List<float[]> slices = slices(joined);
    int count = slices.size() / sets;
    List<Parameters> parts = new ArrayList<>();
    for (int set = 0; set < sets; set++) {
      parts.add(
          Parameters.of(slices.subList(set * count, (set + 1) * count).toArray(float[][]::new)));
    }
    return parts;
  }

  private static List<float[]> slices(Parameters parameters) {
    List<float[]> slices = new ArrayList<>();
    for (int i = 0; i < parameters.count(); i++) {
      slices.add(parameters.slice(i));
    }
    return slices;
  }

  /** Zeros for a joined vector of several sets. */
  static Parameters zeros(Layout layout, int sets) {
    Parameters first = Parameters.zeros(layout);
    List<Parameters> others = new ArrayList<>();
    for (int set = 1; set < sets; set++) {
      others.add(Parameters.zeros(layout));
    }
    return join(first, others);
  }

  /** Each slice encoded by itself, so that the whole may be longer than an array can be. */
  static byte[][] encodeSlices(Codec codec, Parameters parameters) {
    byte[][] encoded = new byte[parameters.count()][];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = codec.encode(Parameters.of(parameters.slice(i)));
    }
    return encoded;
  }

  /** Reads what {@link #encodeSlices} wrote. */
  static void decodeSlices(Codec codec, byte[][] encoded, Parameters into) {
    for (int i = 0; i < encoded.length; i++) {
      codec.decode(ByteBuffer.wrap(encoded[i]), Parameters.of(into.slice(i)));
    }
  }

  /** Java serialisation: understands records, which Kryo does not. */
  static byte[] serialize(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #serialize} wrote; classes of the user's jars too. */
  static <T> T deserialize(byte[] bytes, Class<T> type) {
    try (ObjectInputStream in = new ContextObjectInputStream(new ByteArrayInputStream(bytes))) {
      return type.cast(in.readObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("A jar of the driver is missing here: " + e.getMessage(), e);
    }
  }

  private static final class ContextObjectInputStream extends ObjectInputStream {
    ContextObjectInputStream(InputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(
            description.getName(), false, Thread.currentThread().getContextClassLoader());
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }
  }
}
