package org.trainyard.dataprep.read;

import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code read-documents}. */
@Card(
    name = "read-documents",
    what = "Reads text, JSON lines, Parquet and HTML files as documents.",
    how =
        "Line files and Parquet files are read in slices by many tasks, compressed files by one each. An id"
            + " is the file's path and the place in it (#byte or #row), or a field of the document; it is"
            + " the same however the files are cut. A faulty document is rejected with its reason, a"
            + " faulty file ends the run.",
    avoid =
        "Few huge .gz or .zst files: each is read by a single task; plain or Parquet files are not.")
public final class ReadDocuments implements SourceTechnique<ReadDocumentsSettings> {

  @Override
  public Class<ReadDocumentsSettings> settings() {
    return ReadDocumentsSettings.class;
  }

  @Override
  public Source create(ReadDocumentsSettings settings) {
    return new DocumentSource(settings);
  }
}
