package org.trainyard.dataprep.read;

import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/** Settings of {@link ReadDocuments}. */
public record ReadDocumentsSettings(
    @Setting(
            help =
                "Files and folders, globs allowed. By their names: .txt (one document a file), .jsonl"
                    + " (one a line), .parquet, .html; all but Parquet also with .gz or .zst.")
        List<String> paths,
    @Setting(help = "Format of all files, whatever their names.", standard = "auto") Format format,
    @Setting(help = "JSON field or Parquet column that holds the text.", standard = "text")
        String textField,
    @Setting(
            help =
                "JSON field or Parquet column that holds a unique id; empty: ids are made of places.",
            standard = "")
        String idField,
    @Setting(help = "Licence of all documents without another.", standard = "unknown")
        String licence,
    @Setting(
            help = "JSON field or Parquet column that holds the document's licence; empty: none.",
            standard = "")
        String licenceField,
    @Setting(
            help =
                "Licences by path, such as {'*/speeches/*': CC0-1.0}: the first glob that matches the"
                    + " whole path counts; * stands for slashes too.",
            standard = "{}")
        Map<String, String> licences,
    @Setting(
            help =
                "Further JSON fields or Parquet columns to keep as text columns: each a name, or"
                    + " 'language as label'. Null in text and HTML files.",
            standard = "[]")
        List<String> keepFields,
    @Setting(
            help = "Larger documents are rejected, and never held in memory.",
            standard = "16777216",
            min = 1,
            max = 1 << 30)
        int maxDocumentBytes,
    @Setting(
            help = "Line files and Parquet files are read in slices of at most so many bytes.",
            standard = "67108864",
            min = 1)
        long sliceBytes) {

  /** Checks names. */
  public ReadDocumentsSettings {
    paths = List.copyOf(paths);
    keepFields = List.copyOf(keepFields);
    Check.require(!paths.isEmpty(), "paths", "names no file; write a path, a folder or a glob");
    Check.require(!textField.isBlank(), "text-field", "must name a field, such as text");
    KeptField.all(keepFields);
  }
}
