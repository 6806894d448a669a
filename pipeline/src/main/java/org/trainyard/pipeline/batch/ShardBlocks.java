package org.trainyard.pipeline.batch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The blocks of one shard: how many batches each has, and its files. It travels with every plan of
 * a training run, so names are kept deflated until a block is read: about 15 bytes a block instead
 * of 150.
 */
final class ShardBlocks implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String BETWEEN_BLOCKS = "\n";
  private static final String BETWEEN_FILES = "\t";

  private final int[] rows;
  private final long batches;
  private final byte[] names;
  private transient String[] inflated;

  /**
   * @param rows batches of each block, shape [b]
   * @param files of each block, relative to the table's version
   */
  ShardBlocks(int[] rows, List<List<String>> files) {
    this.rows = rows;
    this.batches = Arrays.stream(rows).asLongStream().sum();
    this.names =
        deflated(
            files.stream()
                .map(block -> String.join(BETWEEN_FILES, block))
                .collect(Collectors.joining(BETWEEN_BLOCKS)));
  }

  /** Batches of each block; not copied. */
  int[] rows() {
    return rows;
  }

  /** Batches of all blocks. */
  long batches() {
    return batches;
  }

  /** Files of a block, relative to the table's version. */
  synchronized List<String> files(int block) {
    if (inflated == null) {
      inflated = inflated(names).split(BETWEEN_BLOCKS);
    }
    return List.of(inflated[block].split(BETWEEN_FILES));
  }

  private static byte[] deflated(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String inflated(byte[] bytes) {
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
