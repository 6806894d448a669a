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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Rows;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.StorageException;
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
    return table(
        LongStream.range(0, batches).mapToObj(TableFeedTest::batch).toList(), shards, blockSize);
  }

  private Table table(List<Batch> batches, int shards, int blockSize) throws IOException {
    return table(batches, shards, blockSize, "zstd");
  }

  private Table table(List<Batch> batches, int shards, int blockSize, String compression)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int number = 0; number < batches.size(); number++) {
      int position = number / shards;
      Batch batch = batches.get(number);
      rows.add(
          BatchTable.row(
              new BatchTable.Place(number % shards, position / blockSize, position, number),
              new BatchTable.Size(batch.realUnits(), batch.paddedUnits(), 7),
              batch));
    }
    Path version = Files.createTempDirectory(folder, "table");
    TestSpark.session()
        .createDataFrame(rows, BatchTable.SCHEMA)
        .repartition(3)
        .write()
        .option("compression", compression)
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
    return table(version, files, shards);
  }

  private static Table table(Path version, List<FileEntry> files, int shards) {
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

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "snappy", "gzip", "none"})
  void readsWhateverPagesAreCompressedWith(String compression) throws IOException {
    List<Batch> batches = List.of(batch(0), batch(1));

    assertSame(all(TableFeed.inOrder(table(batches, 1, 2, compression)).open(0, 0, 0)), batches);
  }

  @Nested
  class HandsOutBatchesOf {
    private static final int[] NO_IDS = {};

    private static void assertHandedOut(Table table, List<Batch> written) {
      assertSame(all(TableFeed.inOrder(table).open(0, 0, 0)), written);
      List<Batch> bySpark =
          table.read(TestSpark.session()).orderBy(BatchTable.POSITION).collectAsList().stream()
              .map(BatchTable::batch)
              .toList();
      assertSame(bySpark, written);
    }

    @Test
    void text() throws IOException {
      Batch text =
          Batch.of(
              new long[] {1, 2},
              Tensor.ofInts(Batch.INPUT, new int[] {2, 3}, new int[] {1, 7, 8, 1, 9, 0}),
              Tensor.ofInts(Batch.TARGET, new int[] {2, 3}, new int[] {7, 8, 9, 9, 3, 0}),
              Tensor.ofBytes(Batch.MASK, new int[] {2, 3}, new byte[] {1, 1, 1, 1, 1, 0}),
              Tensor.ofInts(Batch.BYTES, new int[] {2}, new int[] {30, 20}));

      assertHandedOut(table(List.of(text), 1, 1), List.of(text));
    }

    @Test
    void images() throws IOException {
      byte[] pixels = new byte[2 * 3 * 4 * 4];
      for (int at = 0; at < pixels.length; at++) {
        pixels[at] = (byte) (3 * at);
      }
      Batch images =
          Batch.of(
              new long[] {1, 2},
              Tensor.ofBytes(Batch.INPUT, new int[] {2, 3, 4, 4}, pixels),
              Tensor.ofInts(Batch.TARGET, new int[] {2}, new int[] {0, 4}));

      assertHandedOut(table(List.of(images), 1, 1), List.of(images));
      assertThat(images.tensor(Batch.INPUT).unsignedBytes().get(95)).isEqualTo((byte) 285);
    }

    @Test
    void series() throws IOException {
      float[] values = {0.5f, -1, Float.MIN_VALUE, Float.MAX_VALUE, 0, -0.0f, Float.NaN, 3};
      Batch series =
          Batch.of(
              new long[] {1, 2},
              Tensor.ofFloats(Batch.INPUT, new int[] {2, 2, 2}, values),
              Tensor.ofBytes(Batch.MASK, new int[] {2, 2}, new byte[] {1, 1, 1, 0}),
              Tensor.ofFloats(Batch.TARGET, new int[] {2, 1}, new float[] {0.25f, 4}));

      assertHandedOut(table(List.of(series), 1, 1), List.of(series));
    }

    /** Two answers to each prompt, each with its own length and mask. */
    @Test
    void pairsWhoseGroupsAreNeverSplit() throws IOException {
      List<Batch> pairs = new ArrayList<>();
      for (int number = 0; number < 6; number++) {
        int first = 10 * number;
        pairs.add(
            new Batch(
                new long[] {first, first + 1, first + 2, first + 3},
                new long[] {first, first, first + 2, first + 2},
                new float[] {1, 1, 2, 2},
                List.of(
                    Tensor.ofInts(
                        "chosen", new int[] {4, 2}, new int[] {first, 2, 3, 0, 5, 6, 7, 0}),
                    Tensor.ofBytes(
                        "chosen_mask", new int[] {4, 2}, new byte[] {1, 1, 1, 0, 1, 1, 1, 0}),
                    Tensor.ofInts("rejected", new int[] {4, 1}, new int[] {9, 8, 7, 0}),
                    Tensor.ofBytes("rejected_mask", new int[] {4, 1}, new byte[] {1, 1, 1, 0}))));
      }
      assertHandedOut(table(pairs, 1, 2), pairs);

      TableFeed feed = TableFeed.shuffled(table(pairs, 2, 2), 3);
      for (int epoch = 0; epoch < 3; epoch++) {
        List<Long> groups = new ArrayList<>();
        for (int shard = 0; shard < 2; shard++) {
          for (Batch batch : all(feed.open(shard, epoch, 0))) {
            LongStream.of(batch.groupIds()).distinct().forEach(groups::add);
          }
        }
        assertThat(groups).hasSize(12).doesNotHaveDuplicates();
      }
    }

    @Test
    void manyFieldsOfEachTypeAndNumberOfDimensions() throws IOException {
      List<Batch> mixed = new ArrayList<>();
      for (int size : new int[] {1, 3}) {
        mixed.add(
            Batch.of(
                LongStream.range(0, size).toArray(),
                Tensor.ofInts("none", new int[] {size, 0}, NO_IDS),
                new Tensor("long", Tensor.Type.INT64, new int[] {size}, new byte[8 * size]),
                Tensor.ofFloats("five", new int[] {size, 1, 2, 1, 2, 1}, new float[4 * size]),
                Tensor.ofBytes("soft", new int[] {size, 2}, new byte[2 * size])));
        mixed.add(Batch.of(LongStream.range(10, 10 + size).toArray()));
      }

      assertHandedOut(table(mixed, 1, 10), mixed);
    }
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
              all(feed.open(1, epoch, from, new BlockCache(0), new ReadAhead(1 << 20))),
              whole.subList(from, whole.size()));
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

  @Nested
  class ReadsAhead {
    private final BlockCache none = new BlockCache(0);

    /** Waits for what happens on another thread. */
    private static void eventually(java.util.function.BooleanSupplier happens) throws Exception {
      for (int times = 0; times < 2000 && !happens.getAsBoolean(); times++) {
        Thread.sleep(10);
      }
      assertThat(happens.getAsBoolean()).isTrue();
    }

    private static long readers() {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals("trainyard-feed"))
          .count();
    }

    private static void delete(Table table, int file) throws IOException {
      String path = table.output().files().get(file).path();
      Files.delete(Path.of(java.net.URI.create(table.version() + "/" + path)));
    }

    @Test
    void oneBlockWhileTheOneBeforeIsHandedOut() throws Exception {
      BlockCache firstOnly = new BlockCache(1 << 20);
      all(TableFeed.inOrder(table(1, 1, 1)).open(0, 0, 0, firstOnly, new ReadAhead(1 << 20)));
      Table table = table(3, 1, 1);
      ReadAhead readAhead = new ReadAhead(1 << 20);
      BlockCache cache = new BlockCache(1 << 20);
      try (Feed.Cursor cursor = TableFeed.inOrder(table).open(0, 0, 0, cache, readAhead)) {
        cursor.next();
        eventually(() -> cache.bytes() > firstOnly.bytes());
        delete(table, 1);

        assertSame(List.of(cursor.next().orElseThrow()), List.of(batch(1)));
      }
    }

    @Test
    void upToABoundOfBytes() throws IOException {
      ReadAhead small = new ReadAhead(100);
      Feed.Cursor cursor = TableFeed.inOrder(table(3, 1, 1)).open(0, 0, 0, none, small);
      cursor.next();

      assertThat(small.bytes()).isZero();
      assertThat(all(cursor)).hasSize(2);
    }

    @Test
    void andTellsWhoeverWantsTheBlockWhatWentWrong() throws IOException {
      Table table = table(3, 1, 1);
      delete(table, 1);
      ReadAhead readAhead = new ReadAhead(1 << 20);
      Feed.Cursor cursor = TableFeed.inOrder(table).open(0, 0, 0, none, readAhead);
      cursor.next();

      assertThatThrownBy(cursor::next)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(table.output().files().get(1).path());
      assertThat(readAhead.bytes()).isZero();
    }

    @Test
    void andLeavesNothingBehindWhenItIsClosed() throws Exception {
      ReadAhead readAhead = new ReadAhead(1 << 20);
      Feed.Cursor cursor = TableFeed.inOrder(table(3, 1, 1)).open(0, 0, 0, none, readAhead);
      cursor.next();
      assertThat(readAhead.bytes()).isPositive();
      cursor.close();

      assertThat(readAhead.bytes()).isZero();
      assertThat(cursor.next()).isEmpty();
      eventually(() -> readers() == 0);
    }
  }

  @Test
  void keepsBlocksInMemoryUpToABound() throws IOException {
    TableFeed feed = TableFeed.inOrder(table(6, 1, 2));
    BlockCache large = new BlockCache(1 << 20);
    BlockCache small = new BlockCache(1500);
    all(feed.open(0, 0, 0, large, new ReadAhead(0)));
    all(feed.open(0, 0, 0, small, new ReadAhead(0)));

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

  @Test
  void travelsLightHoweverManyBlocksItHas() throws Exception {
    int blocks = 65_536;
    List<FileEntry> files = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      files.add(
          new FileEntry(
              "batches/%s/shard=%d/block=%d/part-%05d-5f0c1c5e-90bb-4a6b-8a39-3f1c2f6e9d11.c000.snappy.parquet"
                  .formatted(Table.KEPT, block % 4, block / 4, (block * 7919) % blocks),
              1 << 23,
              153));
    }
    Table table = table(folder, files, 4);

    TableFeed feed = TableFeed.shuffled(table, 1);
    byte[] sent = org.apache.spark.util.Utils.serialize(feed);

    assertThat(sent.length).isLessThan(24 * blocks);
    assertThat(feed.batches(3, 0)).isEqualTo(153L * blocks / 4);
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
