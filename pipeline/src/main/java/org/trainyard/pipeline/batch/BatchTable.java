package org.trainyard.pipeline.batch;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.record.Table;

/**
 * Batches as rows of a table: one row is one batch with all that training needs, its tensors dense
 * and padded.
 *
 * <p>Rows lie in folders {@code shard=<s>/block=<b>}. A shard's batches are numbered by {@link
 * #POSITION} from 0 without gaps; a block is a run of positions small enough to be held in memory,
 * so a reader opens the folder of the block that it wants and nothing else. Within a block rows may
 * lie in any order.
 */
public final class BatchTable {
  /** Shard, from 0; a folder. */
  public static final String SHARD = "shard";

  /** Block of the shard, from 0; a folder. */
  public static final String BLOCK = "block";

  /** Place in the shard, from 0. */
  public static final String POSITION = "position";

  /** Number among all batches, from 0; the same for any number of shards. */
  public static final String BATCH = "batch";

  /** Number of examples. */
  public static final String EXAMPLES = "examples";

  /** Units that carry data. */
  public static final String REAL_UNITS = "real_units";

  /** Units that are computed, padding included. */
  public static final String PADDED_UNITS = "padded_units";

  /** Bytes of raw data that the batch stands for. */
  public static final String BYTES = "bytes";

  /** {@link Batch#exampleIds}. */
  public static final String EXAMPLE_IDS = "example_ids";

  /** {@link Batch#groupIds}. */
  public static final String GROUP_IDS = "group_ids";

  /** {@link Batch#weights}. */
  public static final String WEIGHTS = "weights";

  /** {@link Batch#tensors}: name, type, shape, bytes (little-endian). */
  public static final String TENSORS = "tensors";

  /** Name of the metric that tells the number of shards, empty ones included. */
  public static final String SHARDS_METRIC = "shards";

  /** Name of the metric that is 1 if rows hold several examples. */
  public static final String PACKED_METRIC = "packed";

  private static final String TOKENIZER = "tokenizer";

  private static final StructType TENSOR =
      new StructType()
          .add("name", DataTypes.StringType)
          .add("type", DataTypes.StringType)
          .add("shape", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("bytes", DataTypes.BinaryType);

  /** The columns, in this order. */
  public static final StructType SCHEMA =
      new StructType()
          .add(SHARD, DataTypes.IntegerType)
          .add(BLOCK, DataTypes.IntegerType)
          .add(POSITION, DataTypes.LongType)
          .add(BATCH, DataTypes.LongType)
          .add(EXAMPLES, DataTypes.IntegerType)
          .add(REAL_UNITS, DataTypes.LongType)
          .add(PADDED_UNITS, DataTypes.LongType)
          .add(BYTES, DataTypes.LongType)
          .add(EXAMPLE_IDS, DataTypes.createArrayType(DataTypes.LongType))
          .add(GROUP_IDS, DataTypes.createArrayType(DataTypes.LongType))
          .add(WEIGHTS, DataTypes.createArrayType(DataTypes.FloatType))
          .add(TENSORS, DataTypes.createArrayType(TENSOR));

  /**
   * Where a batch stands.
   *
   * @param number among all batches
   */
  public record Place(int shard, int block, long position, long number) {}

  /**
   * What a batch holds.
   *
   * @param realUnits units that carry data
   * @param paddedUnits units that are computed
   * @param bytes of raw data
   */
  public record Size(long realUnits, long paddedUnits, long bytes) {}

  private BatchTable() {}

  /** Whether rows of the table's batches hold several examples. */
  public static boolean packed(Table table) {
    return table.record().metrics().getOrDefault(PACKED_METRIC, 0.0) > 0;
  }

  /**
   * The same rows; their column of tensors says which tokenizer made the ids in them.
   *
   * @param tokenizer its digest; empty if there are no tokens
   */
  public static Dataset<Row> describe(Dataset<Row> rows, String tokenizer) {
    Metadata metadata = new MetadataBuilder().putString(TOKENIZER, tokenizer).build();
    return rows.withColumn(TENSORS, rows.col(TENSORS).as(TENSORS, metadata));
  }

  /** Digest of the tokenizer whose ids a batch table holds; empty if it does not say. */
  public static String tokenizer(StructType schema) {
    Metadata metadata = schema.apply(TENSORS).metadata();
    return metadata.contains(TOKENIZER) ? metadata.getString(TOKENIZER) : "";
  }

  /** A batch as a row of {@link #SCHEMA}. */
  public static Row row(Place place, Size size, Batch batch) {
    return RowFactory.create(
        place.shard(),
        place.block(),
        place.position(),
        place.number(),
        batch.size(),
        size.realUnits(),
        size.paddedUnits(),
        size.bytes(),
        batch.exampleIds(),
        batch.groupIds(),
        batch.weights(),
        batch.tensors().stream()
            .map(t -> RowFactory.create(t.name(), t.type().name(), t.shape(), t.bytes()))
            .toArray(Row[]::new));
  }

  /**
   * The batch of a row that has at least the columns of {@link #SCHEMA} from {@link #EXAMPLE_IDS}
   * on.
   */
  public static Batch batch(Row row) {
    List<Tensor> tensors = new ArrayList<>();
    for (Row tensor : row.<Row>getList(row.fieldIndex(TENSORS))) {
      tensors.add(
          new Tensor(
              tensor.getString(0),
              Tensor.Type.valueOf(tensor.getString(1)),
              tensor.<Integer>getList(2).stream().mapToInt(Integer::intValue).toArray(),
              tensor.<byte[]>getAs(3)));
    }
    return new Batch(longs(row, EXAMPLE_IDS), longs(row, GROUP_IDS), floats(row, WEIGHTS), tensors);
  }

  private static long[] longs(Row row, String column) {
    return row.<Long>getList(row.fieldIndex(column)).stream().mapToLong(Long::longValue).toArray();
  }

  private static float[] floats(Row row, String column) {
    List<Float> values = row.getList(row.fieldIndex(column));
    float[] floats = new float[values.size()];
    for (int at = 0; at < floats.length; at++) {
      floats[at] = values.get(at);
    }
    return floats;
  }
}
