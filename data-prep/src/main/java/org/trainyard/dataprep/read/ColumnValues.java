package org.trainyard.dataprep.read;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveStringifier;
import org.apache.parquet.schema.PrimitiveType;

/** The values of one Parquet row as bytes of text; overwritten by the next row. */
final class ColumnValues extends RecordMaterializer<ColumnValues> {
  private final int[] columnOfField;
  private final byte[][] values;
  private final GroupConverter root;

  /**
   * Makes room for a row.
   *
   * @param columns single values only
   * @param fields names asked for; an empty name is never found
   */
  ColumnValues(MessageType columns, List<String> fields) {
    values = new byte[columns.getFieldCount()][];
    columnOfField =
        fields.stream().mapToInt(f -> f.isEmpty() ? -1 : columns.getFieldIndex(f)).toArray();
    Converter[] converters = new Converter[values.length];
    for (int i = 0; i < converters.length; i++) {
      converters[i] = new Cell(i, columns.getType(i).asPrimitiveType());
    }
    root =
        new GroupConverter() {
          @Override
          public Converter getConverter(int field) {
            return converters[field];
          }

          @Override
          public void start() {
            Arrays.fill(values, null);
          }

          @Override
          public void end() {}
        };
  }

  /** The bytes of a field's value, if it is not null. */
  Optional<byte[]> bytes(int field) {
    int column = columnOfField[field];
    return column < 0 ? Optional.empty() : Optional.ofNullable(values[column]);
  }

  /** A field's value as text, if it is not null. */
  Optional<String> text(int field) {
    return bytes(field).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public ColumnValues getCurrentRecord() {
    return this;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  /** Text as it is, everything else as its logical type writes it. */
  private final class Cell extends PrimitiveConverter {
    private final int column;
    private final PrimitiveStringifier stringifier;
    private final boolean isText;

    Cell(int column, PrimitiveType type) {
      this.column = column;
      this.stringifier = type.stringifier();
      this.isText =
          type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY
              && !(type.getLogicalTypeAnnotation()
                  instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation);
    }

    private void set(String value) {
      values[column] = value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void addBinary(Binary value) {
      if (isText) {
        values[column] = value.getBytes();
      } else {
        set(stringifier.stringify(value));
      }
    }

    @Override
    public void addBoolean(boolean value) {
      set(stringifier.stringify(value));
    }

    @Override
    public void addDouble(double value) {
      set(stringifier.stringify(value));
    }

    @Override
    public void addFloat(float value) {
      set(stringifier.stringify(value));
    }

    @Override
    public void addInt(int value) {
      set(stringifier.stringify(value));
    }

    @Override
    public void addLong(long value) {
      set(stringifier.stringify(value));
    }
  }
}
