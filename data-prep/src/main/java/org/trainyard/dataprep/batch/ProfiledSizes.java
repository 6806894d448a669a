package org.trainyard.dataprep.batch;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.trainyard.dataprep.batch.kernel.BatchSizeSearch;
import org.trainyard.dataprep.batch.kernel.BatchSizes;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;

/**
 * What {@link ProfileBatchSizes} found, as it is stored.
 *
 * @param subject what was trained to find out
 * @param subjectDigest SHA-256 of the subject
 * @param machine where
 * @param limit memory that a step may take
 * @param memoryFraction share of it that the search left to a single step
 * @param roundTo lengths are multiples of this
 * @param buckets in ascending order of their lengths
 */
record ProfiledSizes(
    String subject,
    String subjectDigest,
    String machine,
    MemoryProbe.Memory limit,
    double memoryFraction,
    int roundTo,
    List<BatchSizeSearch.Found> buckets) {
  private static final String FILE = "sizes.json";

  /** The limits of the buckets that hold at least one row. */
  BatchSizes sizes() {
    List<BatchSizeSearch.Found> usable =
        buckets.stream().filter(bucket -> bucket.rows() > 0).toList();
    return new BatchSizes(
        usable.stream().mapToInt(BatchSizeSearch.Found::units).toArray(),
        usable.stream().mapToInt(BatchSizeSearch.Found::rows).toArray());
  }

  void write(Storage storage, Path folder) {
    storage.write(new Path(folder, FILE), Json.pretty(this));
  }

  static ProfiledSizes read(Storage storage, Artifact artifact) {
    Path file = artifact.file(FILE);
    return storage
        .read(file)
        .map(text -> Json.read(text, ProfiledSizes.class))
        .orElseThrow(
            () ->
                new DataException(
                    "%s is missing: connect the output of a profile-batch-sizes step"
                        .formatted(file)));
  }
}
