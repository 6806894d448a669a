package org.trainyard.dataprep.read;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.security.AccessControlException;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;

/** What it means that a file cannot be read: one line that names the file and the mend. */
final class FileFaults {
  private static final String MEND = "Copy it again, or leave it out of paths.";

  private FileFaults() {}

  /** A file that is not what its name says, or not whole, is wrong data; the rest is storage. */
  static RuntimeException of(String path, IOException e) {
    if (e instanceof FileNotFoundException) {
      boolean denied = String.valueOf(e.getMessage()).contains("ermission denied");
      return denied ? denied(path, e) : new DataException(path + ": is gone. Run again.", e);
    }
    if (e instanceof AccessControlException || e instanceof java.nio.file.AccessDeniedException) {
      return denied(path, e);
    }
    if (e instanceof EOFException) {
      return new DataException(
          "%s: was cut off: %s. %s".formatted(path, Storage.reason(e), MEND), e);
    }
    if (e instanceof ZipException || e instanceof ZstdIOException) {
      return new DataException(
          "%s: is damaged or was cut off: %s. %s".formatted(path, Storage.reason(e), MEND), e);
    }
    if (e instanceof ChecksumException) {
      return new DataException("%s: does not fit its .crc file. %s".formatted(path, MEND), e);
    }
    return new StorageException(
        "Cannot read %s: %s. Check that the storage is up, and run again."
            .formatted(path, Storage.reason(e)),
        e);
  }

  /** What Parquet says of a file that is none, or not whole, comes without a type of its own. */
  static DataException parquet(String path, RuntimeException e) {
    return new DataException(
        "%s: is no whole Parquet file: %s. %s"
            .formatted(path, Storage.reason(e).replace(path + " ", ""), MEND),
        e);
  }

  private static DataException denied(String path, IOException e) {
    return new DataException(
        path + ": may not be read. Let this user in, or leave it out of paths.", e);
  }
}
