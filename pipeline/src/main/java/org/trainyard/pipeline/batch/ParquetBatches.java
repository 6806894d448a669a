package org.trainyard.pipeline.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.trainyard.pipeline.record.DataException;

/**
 * Reads the batches of a Parquet file column by column, without a row object between. A tensor's
 * bytes stay where they were decompressed: the page is the memory of all tensors in it.
 */
final class ParquetBatches {
  /** The columns that make a batch, and its place; the others are for those who ask Spark. */
  private static final List<String> COLUMNS =
      List.of(
          BatchTable.POSITION,
          BatchTable.EXAMPLES,
          BatchTable.EXAMPLE_IDS,
          BatchTable.GROUP_IDS,
          BatchTable.WEIGHTS,
          BatchTable.TENSORS);

  private final MessageType schema;
  private final ColumnReadStoreImpl columns;
  private final ColumnReader position;
  private final ColumnReader examples;
  private final ColumnReader exampleIds;
  private final ColumnReader groupIds;
  private final ColumnReader weights;
  private final ColumnReader names;
  private final ColumnReader types;
  private final ColumnReader shapes;
  private final ColumnReader bytes;
  private final Names known;

  /** What becomes of a batch. */
  @FunctionalInterface
  interface Taker {
    void take(long position, Batch batch);
  }

  private ParquetBatches(MessageType schema, PageReadStore pages, String createdBy, Names known) {
    this.schema = schema;
    this.columns =
        new ColumnReadStoreImpl(
            pages, new DummyRecordConverter(schema).getRootConverter(), schema, createdBy);
    this.position = column(BatchTable.POSITION, BatchTable.POSITION);
    this.examples = column(BatchTable.EXAMPLES, BatchTable.EXAMPLES);
    this.exampleIds = column(BatchTable.EXAMPLE_IDS, BatchTable.EXAMPLE_IDS);
    this.groupIds = column(BatchTable.GROUP_IDS, BatchTable.GROUP_IDS);
    this.weights = column(BatchTable.WEIGHTS, BatchTable.WEIGHTS);
    this.names = column(BatchTable.TENSORS, "name");
    this.types = column(BatchTable.TENSORS, "type");
    this.shapes = column(BatchTable.TENSORS, "shape");
    this.bytes = column(BatchTable.TENSORS, "bytes");
    this.known = known;
  }

  /**
   * Hands over all batches of a file, in the order in which they lie there.
   *
   * @throws IOException if it cannot be read
   */
  static void read(Path file, Configuration configuration, Taker taker) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(file, configuration),
            HadoopReadOptions.builder(configuration)
                .withCodecFactory(new PageCodecs(configuration))
                .build())) {
      FileMetaData facts = reader.getFileMetaData();
      MessageType schema = wanted(facts.getSchema(), file);
      reader.setRequestedSchema(schema);
      Names known = new Names();
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        ParquetBatches batches = new ParquetBatches(schema, pages, facts.getCreatedBy(), known);
        for (long row = 0; row < pages.getRowCount(); row++) {
          taker.take(longs(batches.position, 1)[0], batches.next());
        }
      }
    }
  }

  private static MessageType wanted(MessageType all, Path file) {
    for (String column : COLUMNS) {
      if (!all.containsField(column)) {
        throw new DataException(
            "%s: column '%s' is missing. Plan the batches anew.".formatted(file, column));
      }
    }
    return new MessageType(
        all.getName(), COLUMNS.stream().map(column -> all.getType(column)).toList());
  }

  /** The leaf of a field; with a struct, the leaf of the part that is named. */
  private ColumnReader column(String field, String part) {
    for (ColumnDescriptor column : schema.getColumns()) {
      List<String> path = Arrays.asList(column.getPath());
      if (path.get(0).equals(field) && path.contains(part)) {
        return columns.getColumnReader(column);
      }
    }
    throw new IllegalStateException("no %s in %s".formatted(part, schema));
  }

  private Batch next() {
    int size = ints(examples, 1)[0];
    return new Batch(
        longs(exampleIds, size), longs(groupIds, size), floats(weights, size), tensors());
  }

  private List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>(4);
    if (!present(names)) {
      List.of(names, types, shapes, bytes).forEach(ColumnReader::consume);
      return tensors;
    }
    do {
      String name = known.of(names.getBinary());
      names.consume();
      Tensor.Type type = Tensor.Type.valueOf(known.of(types.getBinary()));
      types.consume();
      int[] shape = shape();
      tensors.add(new Tensor(name, type, shape, bytes.getBinary().toByteBuffer()));
      bytes.consume();
    } while (names.getCurrentRepetitionLevel() > 0);
    return tensors;
  }

  private int[] shape() {
    int[] shape = new int[4];
    int dimensions = 0;
    do {
      shape = dimensions == shape.length ? Arrays.copyOf(shape, 2 * dimensions) : shape;
      shape[dimensions++] = shapes.getInteger();
      shapes.consume();
    } while (shapes.getCurrentRepetitionLevel() == shapes.getDescriptor().getMaxRepetitionLevel());
    return Arrays.copyOf(shape, dimensions);
  }

  private static boolean present(ColumnReader column) {
    return column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
  }

  private static int[] ints(ColumnReader column, int count) {
    int[] values = new int[count];
    for (int at = 0; at < count; at++) {
      values[at] = column.getInteger();
      column.consume();
    }
    return values;
  }

  private static long[] longs(ColumnReader column, int count) {
    long[] values = new long[count];
    for (int at = 0; at < count; at++) {
      values[at] = column.getLong();
      column.consume();
    }
    return values;
  }

  private static float[] floats(ColumnReader column, int count) {
    float[] values = new float[count];
    for (int at = 0; at < count; at++) {
      values[at] = column.getFloat();
      column.consume();
    }
    return values;
  }

  /** The few texts that names and types are, each decoded once. */
  private static final class Names {
    private final java.util.Map<Binary, String> texts = new java.util.HashMap<>();

    String of(Binary bytes) {
      String text = texts.get(bytes);
      if (text == null) {
        text = bytes.toStringUsingUTF8().intern();
        texts.put(bytes.copy(), text);
      }
      return text;
    }
  }
}
