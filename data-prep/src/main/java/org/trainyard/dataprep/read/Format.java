package org.trainyard.dataprep.read;

import java.util.Locale;
import java.util.Map;
import org.trainyard.pipeline.record.DataException;

/** How documents lie in a file. */
public enum Format {
  /** By the file's name. */
  AUTO,
  /** One document a file. */
  TEXT,
  /** One JSON object a line. */
  JSONL,
  /** One row a document. */
  PARQUET,
  /** One page a file, of which the main text is taken. */
  HTML;

  private static final Map<String, Format> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("txt", TEXT),
          Map.entry("text", TEXT),
          Map.entry("md", TEXT),
          Map.entry("jsonl", JSONL),
          Map.entry("ndjson", JSONL),
          Map.entry("json", JSONL),
          Map.entry("parquet", PARQUET),
          Map.entry("html", HTML),
          Map.entry("htm", HTML),
          Map.entry("xhtml", HTML));

  /**
   * The format of a file: this one, or by its name if this is {@link #AUTO}.
   *
   * @throws DataException if the name says nothing
   */
  Format of(String path) {
    if (this != AUTO) {
      return this;
    }
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String plain = name.substring(0, name.length() - Compression.of(name).extension().length());
    int point = plain.lastIndexOf('.');
    Format format = BY_EXTENSION.get(point < 0 ? "" : plain.substring(point + 1));
    if (format == null) {
      throw new DataException(
          "%s: the name does not tell the format. Set format to text, jsonl, parquet or html, or leave"
                  .formatted(path)
              + " the file out of paths.");
    }
    return format;
  }
}
