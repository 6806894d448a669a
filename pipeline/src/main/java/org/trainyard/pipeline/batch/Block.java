package org.trainyard.pipeline.batch;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;

/**
 * The batches of one block, in order of position.
 *
 * @param batches the batches
 * @param bytes memory that they take, about
 */
record Block(List<Batch> batches, long bytes) {

  /**
   * Reads a block.
   *
   * @param files its Parquet files
   * @param rows how many batches it must have
   */
  static Block read(List<Path> files, long rows, Configuration configuration) {
    TreeMap<Long, Batch> byPosition = new TreeMap<>();
    for (Path file : files) {
      try {
        ParquetBatches.read(
            file,
            configuration,
            (position, batch) -> {
              if (byPosition.put(position, batch) != null) {
                throw new DataException(
                    "%s: two batches have position %d. Plan the batches anew."
                        .formatted(file, position));
              }
            });
      } catch (IOException e) {
        throw new StorageException(
            "Cannot read %s: %s. Check that the storage is up, and run again."
                .formatted(file, Storage.reason(e)),
            e);
      }
    }
    if (byPosition.size() != rows) {
      throw new DataException(
          "%s: %d batches are there, %d were planned. Plan the batches anew."
              .formatted(files, byPosition.size(), rows));
    }
    List<Batch> batches = List.copyOf(byPosition.values());
    return new Block(batches, batches.stream().mapToLong(Block::bytes).sum());
  }

  private static long bytes(Batch batch) {
    return 100
        + 20L * batch.size()
        + batch.tensors().stream().mapToLong(tensor -> 150 + tensor.size()).sum();
  }
}
