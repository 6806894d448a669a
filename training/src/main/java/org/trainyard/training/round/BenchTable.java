package org.trainyard.training.round;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Rows;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Table;

/**
 * A made-up table of batches, laid out as a planner lays it out, with its record.
 *
 * @param shards number of shards
 * @param blocks blocks of each shard
 * @param inBlock batches of each block
 * @param maker makes them
 */
record BenchTable(int shards, int blocks, int inBlock, Maker maker) {
  private static final String OUTPUT = "batches";

  /** Makes batches, the same ones each time. */
  interface Maker extends Serializable {
    Batch batch(long number);

    /** Bytes of token ids in a batch. */
    default long tokenBytes() {
      return 0;
    }
  }

  long batches() {
    return (long) shards * blocks * inBlock;
  }

  /** Writes the table and its record; a task writes a block. */
  void write(SparkSession spark, Path folder) throws IOException {
    MapPartitionsFunction<Long, Row> rows = rows(maker, (long) blocks * inBlock, inBlock);
    spark
        .range(0, batches(), 1, shards * blocks)
        .as(Encoders.LONG())
        .mapPartitions(rows, Encoders.row(BatchTable.SCHEMA))
        .write()
        .partitionBy(BatchTable.SHARD, BatchTable.BLOCK)
        .parquet(folder.resolve(OUTPUT).resolve(Table.KEPT).toString());
    List<FileEntry> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(file -> file.toString().endsWith(".parquet"))
              .sorted()
              .map(file -> entry(folder, file))
              .toList();
    }
    Output output =
        new Output(
            Output.Kind.TABLE, OUTPUT, BatchTable.SCHEMA.json(), batches(), files, List.of());
    StepRecord record =
        new StepRecord(
            OUTPUT,
            "",
            "",
            List.of(),
            new TreeMap<>(),
            new Rows(batches(), batches(), new TreeMap<>()),
            new TreeMap<>(),
            new TreeMap<>(Map.of(OUTPUT, output)),
            new TreeMap<>(Map.of(BatchTable.SHARDS_METRIC, (double) shards)),
            "",
            0);
    Files.writeString(folder.resolve(StepRecord.FILE), Json.pretty(record));
  }

  private static MapPartitionsFunction<Long, Row> rows(Maker maker, long inShard, int inBlock) {
    return numbers -> {
      Iterator<Long> left = numbers;
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return left.hasNext();
        }

        @Override
        public Row next() {
          long number = left.next();
          long position = number % inShard;
          Batch batch = maker.batch(number);
          return BatchTable.row(
              new BatchTable.Place(
                  (int) (number / inShard), (int) (position / inBlock), position, number),
              new BatchTable.Size(batch.realUnits(), batch.paddedUnits(), 0),
              batch);
        }
      };
    };
  }

  private FileEntry entry(Path folder, Path file) {
    return new FileEntry(folder.relativize(file).toString(), file.toFile().length(), inBlock);
  }
}
