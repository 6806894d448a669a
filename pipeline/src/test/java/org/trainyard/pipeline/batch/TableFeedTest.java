package org.trainyard.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Rows;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("A feed from a batch table")
class TableFeedTest {
  @TempDir Path folder;

  /** Batch k has the examples 10k and 10k + 1, of lengths 3 and 2. */
  private static Batch batch(long number) {
    int first = (int) number;
    return new Batch(
        new long[] {10 * number, 10 * number + 1},
        new long[] {number, number},
        new float[] {1, 0.5f},
        List.of(
            Tensor.ofInts(
                Batch.INPUT, new int[] {2, 3}, new int[] {first, 2, 3, 4, 5, Integer.MIN_VALUE}),
            Tensor.ofBytes(Batch.MASK, new int[] {2, 3}, new byte[] {1, 1, 1, 1, 1, 0}),
            Tensor.ofFloats("score", new int[] {2}, new float[] {0.25f, -first})));
  }

  private Table table(int batches, int shards, int blockSize) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int number = 0; number < batches; number++) {
      int position = number / shards;
      rows.add(
          BatchTable.row(
              new BatchTable.Place(number % shards, position / blockSize, position, number),
              new BatchTable.Size(5, 6, 7),
              batch(number)));
    }
    Path version = folder.resolve(batches + "-" + shards + "-" + blockSize);
    TestSpark.session()
        .createDataFrame(rows, BatchTable.SCHEMA)
        .repartition(3)
        .write()
        .partitionBy(BatchTable.SHARD, BatchTable.BLOCK)
        .parquet(version.resolve("rows").resolve(Table.KEPT).toString());
    return table(version, shards);
  }

  private static Table table(Path version, int shards) throws IOException {
    List<FileEntry> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(version)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".parquet")).sorted().toList()) {
        long count = TestSpark.session().read().parquet(file.toString()).count();
        files.add(new FileEntry(version.relativize(file).toString(), Files.size(file), count));
      }
    }
    Output output =
        new Output(Output.Kind.TABLE, "rows", BatchTable.SCHEMA.json(), 0, files, List.of());
    return new Table(
        new org.apache.hadoop.fs.Path(version.toUri()),
        new StepRecord(
            "plan",
            "",
            "",
            List.of(),
            new TreeMap<>(),
            new Rows(0, 0, new TreeMap<>()),
            new TreeMap<>(),
            new TreeMap<>(Map.of("batches", output)),
            shards == 0
                ? new TreeMap<>()
                : new TreeMap<>(Map.of(BatchTable.SHARDS_METRIC, (double) shards)),
            "",
            0),
        "batches");
  }

  private static List<Batch> all(Feed.Cursor cursor) {
    List<Batch> batches = new ArrayList<>();
    cursor.next().ifPresent(batches::add);
    for (int before = 0; before < batches.size(); ) {
      before = batches.size();
      cursor.next().ifPresent(batches::add);
    }
    cursor.close();
    return batches;
  }

  private static void assertSame(List<Batch> found, List<Batch> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int at = 0; at < found.size(); at++) {
      assertThat(found.get(at)).usingRecursiveComparison().isEqualTo(expected.get(at));
    }
  }

  private static List<Long> ids(List<Batch> batches) {
    return batches.stream().flatMap(b -> LongStream.of(b.exampleIds()).boxed()).toList();
  }

  @Test
  void handsOutWhatWasWritten() throws IOException {
    List<Batch> found = all(TableFeed.inOrder(table(4, 1, 10)).open(0, 0, 0));

    assertSame(found, List.of(batch(0), batch(1), batch(2), batch(3)));
  }

  @Test
  void readsTheSameAsSpark() throws IOException {
    Table table = table(3, 1, 10);

    List<Batch> found =
        table.read(TestSpark.session()).orderBy(BatchTable.POSITION).collectAsList().stream()
            .map(BatchTable::batch)
            .toList();

    assertSame(found, all(TableFeed.inOrder(table).open(0, 0, 0)));
  }

  @Test
  void handsOutEveryExampleOnceAnEpochForAnyNumberOfBatchesAndShards() throws IOException {
    int[][] cases = {{0, 3, 2}, {1, 1, 1}, {2, 5, 2}, {7, 3, 1}, {13, 4, 2}, {13, 2, 100}};
    for (int[] one : cases) {
      TableFeed feed = TableFeed.shuffled(table(one[0], one[1], one[2]), 42);
      assertThat(feed.shards()).isEqualTo(one[1]);
      for (long epoch = 0; epoch < 3; epoch++) {
        List<Long> seen = new ArrayList<>();
        for (int shard = 0; shard < feed.shards(); shard++) {
          List<Batch> batches = all(feed.open(shard, epoch, 0));
          assertThat(batches).hasSize((int) feed.batches(shard, epoch));
          seen.addAll(ids(batches));
        }
        List<Long> expected = new ArrayList<>();
        for (long number = 0; number < one[0]; number++) {
          expected.addAll(List.of(10 * number, 10 * number + 1));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  @Nested
  class AfterASeek {
    @Test
    void goesOnBitForBitAsIfItHadNotStopped() throws IOException {
      TableFeed feed = TableFeed.shuffled(table(25, 2, 4), 1);
      for (long epoch = 0; epoch < 2; epoch++) {
        List<Batch> whole = all(feed.open(1, epoch, 0));
        for (int from = 0; from <= whole.size(); from++) {
          assertSame(
              all(feed.open(1, epoch, from, new BlockCache(0))), whole.subList(from, whole.size()));
        }
      }
    }

    @Test
    void readsOnlyTheBlocksThatAreStillToCome() throws IOException {
      Table table = table(6, 1, 1);
      for (FileEntry file : table.output().files().subList(0, 5)) {
        Files.delete(Path.of(java.net.URI.create(table.version() + "/" + file.path())));
      }

      assertSame(all(TableFeed.inOrder(table).open(0, 0, 5)), List.of(batch(5)));
    }

    @Test
    void refusesAPlaceBeyondTheEnd() throws IOException {
      TableFeed feed = TableFeed.inOrder(table(2, 1, 1));

      assertThatThrownBy(() -> feed.open(0, 0, 3)).hasMessage("batch 3 of 2 in shard 0");
    }
  }

  @Test
  void hasADifferentOrderInEachEpochAndTheSameForASeed() throws IOException {
    Table table = table(12, 1, 4);
    List<List<Long>> orders = new ArrayList<>();
    for (long epoch = 0; epoch < 4; epoch++) {
      orders.add(ids(all(TableFeed.shuffled(table, 3).open(0, epoch, 0))));
    }

    assertThat(orders).doesNotHaveDuplicates();
    assertThat(ids(all(TableFeed.shuffled(table, 3).open(0, 2, 0)))).isEqualTo(orders.get(2));
    assertThat(ids(all(TableFeed.shuffled(table, 4).open(0, 2, 0)))).isNotEqualTo(orders.get(2));
  }

  @Test
  void keepsBlocksInMemoryUpToABound() throws IOException {
    TableFeed feed = TableFeed.inOrder(table(6, 1, 2));
    BlockCache large = new BlockCache(1 << 20);
    BlockCache small = new BlockCache(1500);
    all(feed.open(0, 0, 0, large));
    all(feed.open(0, 0, 0, small));

    assertThat(large.bytes()).isBetween(1500L, 5000L);
    assertThat(small.bytes()).isBetween(1L, 1500L);
  }

  @Test
  void canBeSentToExecutors() throws Exception {
    TableFeed feed = TableFeed.shuffled(table(3, 2, 1), 3);

    TableFeed sent =
        org.apache.spark.util.Utils.deserialize(org.apache.spark.util.Utils.serialize(feed));

    assertSame(all(sent.open(0, 1, 0)), all(feed.open(0, 1, 0)));
  }

  @Nested
  class Refuses {
    @Test
    void aTableOfSomethingElse() throws IOException {
      Path version = folder.resolve("other");
      Files.createDirectories(version);
      Table table = table(version, 0);

      assertThatThrownBy(() -> TableFeed.inOrder(table))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("is not a batch table");
    }
  }
}
