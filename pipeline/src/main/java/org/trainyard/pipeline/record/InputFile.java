package org.trainyard.pipeline.record;

import java.io.Serializable;

/**
 * A file outside the pipeline, as it was when the run looked at it.
 *
 * @param path full URI
 * @param root the part of the path before its first glob or the folder given: ids are relative to
 *     it
 * @param bytes its length
 * @param modified its modification time, milliseconds since 1970
 */
public record InputFile(String path, String root, long bytes, long modified)
    implements Serializable {

  /** The path below {@link #root}, or the file's name if it was given itself. */
  public String relativePath() {
    String below = path.startsWith(root) ? path.substring(root.length()) : path;
    return below.startsWith("/") ? below.substring(1) : below;
  }
}
