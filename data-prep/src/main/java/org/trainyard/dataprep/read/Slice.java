package org.trainyard.dataprep.read;

import java.io.Serializable;

/**
 * A part of a file that one task reads.
 *
 * @param path full URI of the file
 * @param name of the file in ids
 * @param format how documents lie in it
 * @param licence of its documents that have none of their own
 * @param fileBytes length of the file
 * @param start offset of the slice's first byte
 * @param end offset after its last byte; {@link Long#MAX_VALUE} for the rest of the file
 */
record Slice(
    String path, String name, Format format, String licence, long fileBytes, long start, long end)
    implements Serializable {

  Compression compression() {
    return format == Format.PARQUET ? Compression.NONE : Compression.of(path);
  }

  /** Length of the file's content where it is known, which a compressed file's is not; else 0. */
  long plainBytes() {
    return compression() == Compression.NONE ? fileBytes : 0;
  }
}
