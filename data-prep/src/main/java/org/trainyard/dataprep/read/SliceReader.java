package org.trainyard.dataprep.read;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trainyard.dataprep.read.kernel.LineReader;

/** The documents of several slices as rows; holds at most one file open. */
final class SliceReader implements Iterator<Row>, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SliceReader.class);

  private final Iterator<Slice> slices;
  private final DocumentFields fields;
  private final int maxBytes;
  private final Configuration configuration;
  private Slice slice;
  private DocumentReader reader;
  private Optional<FoundDocument> next = Optional.empty();

  SliceReader(
      List<Slice> slices, DocumentFields fields, int maxBytes, Configuration configuration) {
    this.slices = slices.iterator();
    this.fields = fields;
    this.maxBytes = maxBytes;
    this.configuration = configuration;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      if (reader == null && !slices.hasNext()) {
        return false;
      }
      advance();
    }
    return true;
  }

  private void advance() {
    try {
      if (reader == null) {
        slice = slices.next();
        reader = open();
      }
      next = reader.next();
      if (next.isEmpty()) {
        close();
      }
    } catch (IOException e) {
      throw FileFaults.of(slice.path(), e);
    }
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    FoundDocument document = next.orElseThrow();
    next = Optional.empty();
    return row(document);
  }

  private Row row(FoundDocument document) {
    int kept = fields.names().size() - DocumentFields.FIRST_KEPT;
    Object[] cells = new Object[DocumentSource.FIRST_KEPT + kept + 2];
    cells[0] = document.id().orElse(slice.name() + document.place());
    cells[1] = document.text().orElse(null);
    cells[2] = slice.path();
    cells[3] = document.licence().filter(own -> !own.isBlank()).orElse(slice.licence());
    for (int i = 0; i < document.kept().size(); i++) {
      cells[DocumentSource.FIRST_KEPT + i] = document.kept().get(i).orElse(null);
    }
    cells[cells.length - 2] = document.fault().map(FoundDocument.Fault::reason).orElse(null);
    cells[cells.length - 1] = document.fault().map(FoundDocument.Fault::detail).orElse(null);
    return RowFactory.create(cells);
  }

  private DocumentReader open() throws IOException {
    if (slice.format() == Format.PARQUET) {
      return ParquetDocumentReader.open(slice, fields, maxBytes, configuration);
    }
    Path path = new Path(slice.path());
    FSDataInputStream file = path.getFileSystem(configuration).open(path);
    try {
      if (slice.start() > 0) {
        file.seek(slice.start() - 1);
      }
      InputStream in = slice.compression().open(file);
      return slice.format() == Format.JSONL
          ? new JsonLinesReader(
              new LineReader(in, slice.start(), slice.end(), maxBytes), fields, maxBytes)
          : new WholeFileReader(in, slice.format(), slice.plainBytes(), maxBytes);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      DocumentReader open = reader;
      reader = null;
      open.close();
    }
  }

  /** Closes; that a file which was read already cannot be closed well is no fault of the task. */
  void closeAfterTask() {
    try {
      close();
    } catch (IOException e) {
      LOG.warn("Cannot close {}: {}", slice.path(), e.toString());
    }
  }
}
