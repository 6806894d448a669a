package org.trainyard.training.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;

/**
 * Reads and writes named arrays of singles in the safetensors format, on any Hadoop file system.
 *
 * <p>A file is eight bytes (length of the header, little-endian), the header (a JSON object: name
 * to type, shape and byte range, and text under {@code __metadata__}), and the values,
 * little-endian, row by row, without gaps. Arrays are read one at a time, so memory holds one of
 * them.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index">The safetensors format</a>
 */
public final class SafeTensors implements Closeable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String METADATA = "__metadata__";
  private static final String TYPE = "F32";
  private static final int ALIGNMENT = 8;

  /** The format's own limit, which keeps a broken length from asking for all memory. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int BLOCK = 1 << 16;

  private final FSDataInputStream stream;
  private final Path file;
  private final long dataStart;
  private final SortedMap<String, String> metadata = new TreeMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A named array to write.
   *
   * @param shape its dimensions; their product is the number of values
   * @param values in row-major order; not copied
   */
  public record Array(String name, int[] shape, float[] values) {
    /** Checks that shape and values agree. */
    public Array {
      if (elements(shape) != values.length) {
        throw new IllegalArgumentException(
            "Array '%s' of shape %s cannot have %d values"
                .formatted(name, Arrays.toString(shape), values.length));
      }
    }
  }

  private record Entry(int[] shape, long begin, long end) {}

  private SafeTensors(FSDataInputStream stream, Path file, long length) throws IOException {
    this.stream = stream;
    this.file = file;
    byte[] prefix = new byte[Long.BYTES];
    readFully(0, prefix, 0, prefix.length);
    long headerLength = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerLength < 2
        || headerLength > LONGEST_HEADER
        || headerLength > length - prefix.length) {
      throw broken("its header claims %d bytes of a file of %d".formatted(headerLength, length));
    }
    byte[] header = new byte[(int) headerLength];
    readFully(prefix.length, header, 0, header.length);
    this.dataStart = prefix.length + headerLength;
    parse(header, length - dataStart);
  }

  /**
   * Writes a file, replacing what was there.
   *
   * @param metadata free text, kept in the header
   * @param arrays written in this order; names must differ
   * @return bytes written
   * @throws StorageException if storage fails; the file is then incomplete and must not be
   *     published
   */
  public static long write(
      Storage storage, Path file, Map<String, String> metadata, List<Array> arrays) {
    byte[] header = header(metadata, arrays);
    try (OutputStream out = storage.create(file)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
      block.putLong(header.length);
      out.write(block.array(), 0, Long.BYTES);
      out.write(header);
      long written = (long) Long.BYTES + header.length;
      for (Array array : arrays) {
        written += write(array.values(), block, out);
      }
      return written;
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  private static byte[] header(Map<String, String> metadata, List<Array> arrays) {
    ObjectNode header = MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode text = header.putObject(METADATA);
      new TreeMap<>(metadata).forEach(text::put);
    }
    long offset = 0;
    for (Array array : arrays) {
      if (header.has(array.name())) {
        throw new IllegalArgumentException("Two arrays have the name '" + array.name() + "'");
      }
      ObjectNode entry = header.putObject(array.name());
      entry.put("dtype", TYPE);
      Arrays.stream(array.shape()).forEach(entry.putArray("shape")::add);
      long end = offset + (long) array.values().length * Float.BYTES;
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static long write(float[] values, ByteBuffer block, OutputStream out) throws IOException {
    int perBlock = block.capacity() / Float.BYTES;
    for (int from = 0; from < values.length; from += perBlock) {
      int count = Math.min(perBlock, values.length - from);
      block.clear();
      block.asFloatBuffer().put(values, from, count);
      out.write(block.array(), 0, count * Float.BYTES);
    }
    return (long) values.length * Float.BYTES;
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws DataException if it is not a whole safetensors file of singles
   */
  public static SafeTensors open(Storage storage, Path file) {
    try {
      FileSystem files = file.getFileSystem(storage.configuration());
      long length = files.getFileStatus(file).getLen();
      FSDataInputStream stream = files.open(file);
      try {
        return new SafeTensors(stream, file, length);
      } catch (IOException | RuntimeException e) {
        stream.close();
        throw e;
      }
    } catch (FileNotFoundException e) {
      throw new DataException("%s: does not exist. Restore it from where it came".formatted(file));
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  private void parse(byte[] header, long dataLength) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(new String(header, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw broken("its header is not JSON");
    }
    tree.path(METADATA)
        .fields()
        .forEachRemaining(text -> metadata.put(text.getKey(), text.getValue().asText()));
    tree.fields()
        .forEachRemaining(
            field -> {
              if (!field.getKey().equals(METADATA)) {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), dataLength));
              }
            });
  }

  private Entry entry(String name, JsonNode node, long dataLength) {
    String type = node.path("dtype").asText();
    if (!type.equals(TYPE)) {
      throw broken("array '%s' is of type %s, not %s".formatted(name, type, TYPE));
    }
    int[] shape = new int[node.path("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path("shape").get(i).asInt(-1);
    }
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end > dataLength || end - begin != elements(shape) * Float.BYTES) {
      throw broken(
          "array '%s' of shape %s lies at bytes %d to %d of %d"
              .formatted(name, Arrays.toString(shape), begin, end, dataLength));
    }
    return new Entry(shape, begin, end);
  }

  /** Text from the header. */
  public SortedMap<String, String> metadata() {
    return Collections.unmodifiableSortedMap(metadata);
  }

  /** Names of the arrays, in the order of the header. */
  public Collection<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Dimensions of an array. */
  public int[] shape(String name) {
    return named(name).shape().clone();
  }

  /** Reads one array. */
  public float[] values(String name) {
    Entry entry = named(name);
    long length = (entry.end() - entry.begin()) / Float.BYTES;
    float[] values = new float[Math.toIntExact(length)];
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    int perBlock = BLOCK / Float.BYTES;
    for (int from = 0; from < values.length; from += perBlock) {
      int count = Math.min(perBlock, values.length - from);
      long position = dataStart + entry.begin() + (long) from * Float.BYTES;
      try {
        readFully(position, block.array(), 0, count * Float.BYTES);
      } catch (IOException e) {
        throw failed("read", file, e);
      }
      block.clear();
      block.asFloatBuffer().get(values, from, count);
    }
    return values;
  }

  private Entry named(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new DataException(
          "%s: array '%s' is missing; the file has %s. Was it written for another model?"
              .formatted(file, name, entries.keySet()));
    }
    return entry;
  }

  private void readFully(long position, byte[] into, int from, int length) throws IOException {
    try {
      stream.readFully(position, into, from, length);
    } catch (EOFException e) {
      throw broken("it ends early");
    } catch (ChecksumException e) {
      throw broken("its checksum is wrong");
    }
  }

  private DataException broken(String finding) {
    return new DataException(
        "%s: not a whole safetensors file: %s. Delete it or restore it from where it came"
            .formatted(file, finding));
  }

  private static StorageException failed(String verb, Path file, IOException error) {
    return new StorageException(
        "Cannot %s %s: %s. Check that the storage is up, has room and lets this user in."
            .formatted(verb, file, Storage.reason(error)),
        error);
  }

  private static long elements(int[] shape) {
    long elements = 1;
    for (int dimension : shape) {
      if (dimension < 0) {
        return -1;
      }
      elements *= dimension;
    }
    return elements;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
