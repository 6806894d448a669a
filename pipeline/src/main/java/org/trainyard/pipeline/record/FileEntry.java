package org.trainyard.pipeline.record;

/**
 * A committed file.
 *
 * @param path relative to the version folder
 * @param bytes its length
 * @param rows rows in a Parquet file; 0 for other files
 */
public record FileEntry(String path, long bytes, long rows) {}
