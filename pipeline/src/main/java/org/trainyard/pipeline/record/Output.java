package org.trainyard.pipeline.record;

import java.util.List;

/**
 * One thing that a step made.
 *
 * @param kind table or artifact
 * @param folder relative to the version folder
 * @param schema of a table, as Spark's JSON; empty for an artifact
 * @param rows alive rows of a table; 0 for an artifact
 * @param files what belongs to it; readers read these and nothing else in the folder
 * @param rejects the reject table's files
 */
public record Output(
    Kind kind,
    String folder,
    String schema,
    long rows,
    List<FileEntry> files,
    List<FileEntry> rejects) {

  /** What a step makes. */
  public enum Kind {
    /** Rows in Parquet files. */
    TABLE,
    /** A folder of files of the step's own making. */
    ARTIFACT
  }

  /** Keeps its own copies. */
  public Output {
    files = List.copyOf(files);
    rejects = List.copyOf(rejects);
  }

  /** Bytes of all its files. */
  public long bytes() {
    return files.stream().mapToLong(FileEntry::bytes).sum();
  }
}
