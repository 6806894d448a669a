package org.trainyard.dataprep.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.trainyard.dataprep.read.FoundDocument.Fault;
import org.trainyard.dataprep.read.kernel.Utf8;
import org.trainyard.pipeline.record.DataException;

/**
 * The rows of those row groups of a Parquet file whose middle is in the slice. Only the columns
 * asked for are read; a document's place is its row's number in the file.
 */
final class ParquetDocumentReader implements DocumentReader {
  private final Slice slice;
  private final DocumentFields fields;
  private final int maxBytes;
  private final ParquetFileReader file;
  private final MessageType columns;
  private final ColumnValues values;
  private RecordReader<ColumnValues> rows;
  private long rowsLeft;
  private long row;

  private ParquetDocumentReader(
      Slice slice, DocumentFields fields, int maxBytes, ParquetFileReader file) {
    this.slice = slice;
    this.fields = fields;
    this.maxBytes = maxBytes;
    this.file = file;
    this.columns = columns(file.getFileMetaData().getSchema());
    this.values = new ColumnValues(columns, fields.names());
    file.setRequestedSchema(columns);
  }

  static ParquetDocumentReader open(
      Slice slice, DocumentFields fields, int maxBytes, Configuration configuration)
      throws IOException {
    Path path = new Path(slice.path());
    ParquetFileReader file;
    try {
      file =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(path, configuration),
              HadoopReadOptions.builder(configuration, path)
                  .withRange(slice.start(), slice.end())
                  .build());
    } catch (RuntimeException e) {
      throw FileFaults.parquet(slice.path(), e);
    }
    try {
      return new ParquetDocumentReader(slice, fields, maxBytes, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private MessageType columns(MessageType schema) {
    Set<String> names = new LinkedHashSet<>(fields.names());
    names.remove("");
    List<Type> found = new ArrayList<>();
    for (String name : names) {
      if (!schema.containsField(name)) {
        throw new DataException(
            "%s: column '%s' is missing; the file has %s. Set text-field, id-field, licence-field or"
                    .formatted(
                        slice.path(),
                        name,
                        String.join(", ", schema.getFields().stream().map(Type::getName).toList()))
                + " keep-fields to what is there.");
      }
      Type type = schema.getType(name);
      if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
        throw new DataException(
            "%s: column '%s' is a %s, not a single value. Name another column."
                .formatted(slice.path(), name, type instanceof GroupType ? "group" : "list"));
      }
      found.add(type);
    }
    return new MessageType(schema.getName(), found);
  }

  @Override
  public Optional<FoundDocument> next() throws IOException {
    try {
      while (rowsLeft == 0) {
        PageReadStore group = file.readNextRowGroup();
        if (group == null) {
          return Optional.empty();
        }
        rowsLeft = group.getRowCount();
        row = group.getRowIndexOffset().orElse(0L);
        rows = new ColumnIOFactory().getColumnIO(columns).getRecordReader(group, values);
      }
      rows.read();
    } catch (RuntimeException e) {
      throw FileFaults.parquet(slice.path(), e);
    }
    rowsLeft--;
    return Optional.of(document("#" + row++));
  }

  private FoundDocument document(String place) {
    Optional<byte[]> text = values.bytes(DocumentFields.TEXT);
    Optional<String> id = values.text(DocumentFields.ID);
    Optional<Fault> fault = Optional.empty();
    if (text.isEmpty()) {
      fault = Optional.of(isNull(DocumentFields.TEXT));
    } else if (fields.hasId() && id.isEmpty()) {
      fault = Optional.of(isNull(DocumentFields.ID));
    } else if (text.get().length > maxBytes) {
      fault = Optional.of(Fault.tooLarge(text.get().length, maxBytes));
    } else {
      fault = brokenUtf8(text.get());
    }
    List<Optional<String>> kept = new ArrayList<>();
    for (int i = DocumentFields.FIRST_KEPT; i < fields.names().size(); i++) {
      kept.add(values.text(i));
    }
    Optional<String> readable =
        fault.isPresent() ? Optional.empty() : text.map(all -> Utf8.text(all, 0, all.length));
    return new FoundDocument(place, id, readable, values.text(DocumentFields.LICENCE), kept, fault)
        .checked();
  }

  private static Optional<Fault> brokenUtf8(byte[] text) {
    int fault = Utf8.fault(text, 0, text.length);
    return fault < 0
        ? Optional.empty()
        : Optional.of(new Fault(Fault.BROKEN_UTF8, Utf8.describe(text, 0, fault) + " in the text"));
  }

  private Fault isNull(int field) {
    return new Fault(
        Fault.MISSING_FIELD, "column '%s' is null".formatted(fields.names().get(field)));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
