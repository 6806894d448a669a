package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.record.DataException;

/**
 * The columns of a token table, one row an example. What the ids and labels mean rides on the
 * columns {@code tokens} and {@code label} as metadata, so that it survives filters, splits and
 * renamed files.
 */
public final class TokenTable {
  /** 64-bit hash of {@link #ID}. */
  public static final String EXAMPLE_ID = "example_id";

  /** Document and, if it was cut, window: {@code page.html#2}. */
  public static final String ID = "id";

  /** Token ids. */
  public static final String TOKENS = "tokens";

  /** Number of tokens. */
  public static final String LENGTH = "length";

  /** Bytes of UTF-8 that the tokens stand for. */
  public static final String BYTES = "bytes";

  /** Number of the label, if there are labels. */
  public static final String LABEL = "label";

  /** 64-bit hash of what must stay together, if there are groups. */
  public static final String GROUP_ID = "group_id";

  /** How much the example counts in training, if there are weights. */
  public static final String WEIGHT = "weight";

  /** Licence of the source; null if unknown. */
  public static final String LICENCE = "licence";

  private static final String VOCABULARY = "vocabulary";
  private static final String BEGIN = "begin";
  private static final String PAD = "pad";
  private static final String TOKENIZER = "tokenizer";
  private static final String LABELS = "labels";

  /**
   * What the ids of a token table mean.
   *
   * @param vocabulary number of ids
   * @param begin id that stands before an example
   * @param pad id that fills up
   * @param tokenizer digest of the tokenizer; empty if the ids mean nothing
   */
  public record Facts(int vocabulary, int begin, int pad, String tokenizer)
      implements Serializable {}

  private TokenTable() {}

  /** The columns, with or without labels and groups. */
  public static StructType schema(boolean labels, boolean groups) {
    StructType schema =
        new StructType()
            .add(EXAMPLE_ID, DataTypes.LongType)
            .add(ID, DataTypes.StringType)
            .add(TOKENS, DataTypes.createArrayType(DataTypes.IntegerType))
            .add(LENGTH, DataTypes.IntegerType)
            .add(BYTES, DataTypes.IntegerType);
    schema = labels ? schema.add(LABEL, DataTypes.IntegerType) : schema;
    schema = groups ? schema.add(GROUP_ID, DataTypes.LongType) : schema;
    return schema.add(LICENCE, DataTypes.StringType);
  }

  /** The same rows; their tokens say what they mean. */
  public static Dataset<Row> describe(Dataset<Row> rows, Facts facts) {
    return rows.withColumn(TOKENS, col(TOKENS).as(TOKENS, metadata(facts)));
  }

  /** The same rows; their labels say their names. */
  public static Dataset<Row> describeLabels(Dataset<Row> rows, List<String> names) {
    Metadata metadata =
        new MetadataBuilder().putStringArray(LABELS, names.toArray(String[]::new)).build();
    return rows.withColumn(LABEL, col(LABEL).as(LABEL, metadata));
  }

  /** The facts as column metadata. */
  public static Metadata metadata(Facts facts) {
    return new MetadataBuilder()
        .putLong(VOCABULARY, facts.vocabulary())
        .putLong(BEGIN, facts.begin())
        .putLong(PAD, facts.pad())
        .putString(TOKENIZER, facts.tokenizer())
        .build();
  }

  /**
   * What the tokens of a table mean.
   *
   * @param table how to call it in an error
   * @throws DataException if they do not say
   */
  public static Facts facts(StructType schema, String table) {
    Metadata metadata = field(schema, TOKENS, table).metadata();
    if (!metadata.contains(VOCABULARY)) {
      throw new DataException(
          "%s: the column '%s' does not say its vocabulary. Make it with an encode step."
              .formatted(table, TOKENS));
    }
    return new Facts(
        Math.toIntExact(metadata.getLong(VOCABULARY)),
        Math.toIntExact(metadata.getLong(BEGIN)),
        Math.toIntExact(metadata.getLong(PAD)),
        metadata.getString(TOKENIZER));
  }

  /**
   * Names of the labels, by number.
   *
   * @param table how to call it in an error
   * @throws DataException if there are none
   */
  public static List<String> labels(StructType schema, String table) {
    Metadata metadata = field(schema, LABEL, table).metadata();
    if (!metadata.contains(LABELS)) {
      throw new DataException(
          "%s: the column '%s' does not say the names of its labels. Make it with an encode step."
              .formatted(table, LABEL));
    }
    return List.of(metadata.getStringArray(LABELS));
  }

  private static StructField field(StructType schema, String name, String table) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new DataException(
          "%s: column '%s' is missing; it has %s. Give encode the column of the labels, or a token table."
              .formatted(table, name, Arrays.asList(schema.fieldNames())));
    }
    return schema.apply(name);
  }
}
