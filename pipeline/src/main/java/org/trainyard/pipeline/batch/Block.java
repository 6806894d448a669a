package org.trainyard.pipeline.batch;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
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
  static Block read(List<String> files, long rows, Configuration configuration) {
    TreeMap<Long, Batch> byPosition = new TreeMap<>();
    long bytes = 0;
    for (String file : files) {
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), new Path(file))
              .withConf(configuration)
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          Batch batch = ParquetBatch.of(row);
          bytes += ParquetBatch.bytes(batch);
          if (byPosition.put(row.getLong(BatchTable.POSITION, 0), batch) != null) {
            throw new DataException(
                "%s: two batches have one position. Plan the batches anew.".formatted(file));
          }
        }
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
    return new Block(List.copyOf(byPosition.values()), bytes);
  }
}
