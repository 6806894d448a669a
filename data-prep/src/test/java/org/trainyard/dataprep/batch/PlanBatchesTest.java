package org.trainyard.dataprep.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.TableFeed;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;

@DisplayName("Planning batches")
class PlanBatchesTest {
  @TempDir Path folder;

  private static Map<String, Object> document(String id, String text, String label, String group) {
    return Map.of("id", id, "text", text, "label", label, "group", group);
  }

  /** Documents d0 … of the given lengths, labels a and b in turn, groups of two. */
  private static List<Map<String, Object>> documents(int... lengths) {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (int at = 0; at < lengths.length; at++) {
      documents.add(
          document("d" + at, "x".repeat(lengths[at]), at % 2 == 0 ? "a" : "b", "g" + at / 2));
    }
    return documents;
  }

  private TestPipeline plan(List<Map<String, Object>> documents, String encode, String settings) {
    return plan(documents, 1, encode, settings);
  }

  private TestPipeline plan(
      List<Map<String, Object>> documents, int partitions, String encode, String settings) {
    Path file = TestPipeline.rows(folder.resolve("documents.json"), documents);
    return TestPipeline.run(
        folder.resolve(partitions + "-" + (encode + settings).hashCode()),
        """
        documents:
          use: json-rows
          path: %s
          columns: "id string, text string, label string, group string"
          partitions: %d
        learn: {use: learn-tokenizer, tokenizer: bytes}
        encode: {from: {documents: documents, tokenizer: learn}, max-length: 10000%s}
        plan: {use: plan-batches, from: encode, %s}
        """
            .formatted(file, partitions, encode, settings));
  }

  private static List<Batch> batches(TestPipeline run) {
    TableFeed feed = TableFeed.inOrder(run.table("plan", "batches"));
    List<Batch> batches = new ArrayList<>();
    for (int shard = 0; shard < feed.shards(); shard++) {
      try (Feed.Cursor cursor = feed.open(shard, 0, 0)) {
        for (Optional<Batch> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          batches.add(next.get());
        }
      }
    }
    return batches;
  }

  private static Map<Long, String> idsOf(TestPipeline run) {
    Map<Long, String> ids = new HashMap<>();
    run.rows("encode", "tokens").forEach(row -> ids.put(row.getLong(0), row.getString(1)));
    return ids;
  }

  @Nested
  class OfALanguageModel {
    @Test
    void shiftInputsBehindABeginAndMaskPadding() {
      TestPipeline run =
          plan(
              List.of(document("long", "abc", "", ""), document("short", "é", "", "")),
              "",
              "budget: 100, shards: 1, planner: fixed");

      Batch batch = batches(run).get(0);
      assertThat(batch.size()).isEqualTo(2);
      for (int row = 0; row < 2; row++) {
        boolean first = idsOf(run).get(batch.exampleIds()[row]).equals("long");
        assertThat(row(batch, Batch.INPUT, row, 3))
            .containsExactly(first ? new int[] {1, 99, 100} : new int[] {1, 2 + 0xC3, 0});
        assertThat(row(batch, Batch.TARGET, row, 3))
            .containsExactly(first ? new int[] {99, 100, 101} : new int[] {2 + 0xC3, 2 + 0xA9, 0});
        assertThat(batch.tensor(Batch.MASK).slice(row, row + 1).bytes())
            .containsExactly(first ? new byte[] {1, 1, 1} : new byte[] {1, 1, 0});
        assertThat(batch.tensor(Batch.BYTES).ints().get(row)).isEqualTo(first ? 3 : 2);
      }
      assertThat(run.metric("plan", "vocabulary")).isEqualTo(258);
      assertThat(run.metric("plan", "classes")).isZero();
      assertThat(run.metric("plan", "longest")).isEqualTo(3);
      assertThat(run.metric("plan", "bytes")).isEqualTo(5);
      assertThat(run.metric("plan", "real_units")).isEqualTo(5);
      assertThat(run.metric("plan", "padded_units")).isEqualTo(6);
      assertThat(run.text("plan", "facts", "facts.json")).contains("\"vocabulary\" : 258");
    }
  }

  private static int[] row(Batch batch, String field, int row, int width) {
    int[] values = new int[width];
    IntBuffer ints = batch.tensor(field).slice(row, row + 1).ints();
    ints.get(values);
    return values;
  }

  @Nested
  class OfAClassifier {
    @Test
    void haveALabelForEachExample() {
      TestPipeline run =
          plan(
              documents(2, 1, 2),
              ", label: label",
              "kind: classifier, budget: 100, shards: 1, planner: fixed");

      Batch batch = batches(run).get(0);
      for (int row = 0; row < 3; row++) {
        boolean b = idsOf(run).get(batch.exampleIds()[row]).equals("d1");
        assertThat(batch.tensor(Batch.TARGET).ints().get(row)).isEqualTo(b ? 1 : 0);
        assertThat(row(batch, Batch.INPUT, row, 2)).containsExactly(2 + 'x', b ? 0 : 2 + 'x');
      }
      assertThat(batch.tensor(Batch.TARGET).shape()).containsExactly(3);
      assertThat(run.metric("plan", "classes")).isEqualTo(2);
      assertThat(run.text("plan", "facts", "labels.json")).contains("\"a\", \"b\"");
    }

    @Test
    void needLabels() {
      assertThatThrownBy(() -> plan(documents(2, 1), "", "kind: classifier"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("needs the column 'label'");
    }
  }

  @Nested
  class KeepsTheBudget {
    private final int[] lengths =
        IntStream.range(0, 300).map(at -> 1 + (at * at * 7919) % 97).toArray();

    @Test
    void withEveryPlannerAndEveryExampleOnce() {
      for (String planner : List.of("fixed", "buckets", "{buckets: {count: 7}}")) {
        TestPipeline run =
            plan(
                documents(lengths),
                "",
                "budget: 200, max-examples: 20, round-to: 4, shards: 3, planner: " + planner);

        Set<Long> seen = new HashSet<>();
        for (Batch batch : batches(run)) {
          assertThat(batch.paddedUnits()).isLessThanOrEqualTo(200);
          assertThat(batch.size()).isLessThanOrEqualTo(20);
          assertThat(batch.tensor(Batch.INPUT).shape()[1] % 4).isZero();
          for (long id : batch.exampleIds()) {
            assertThat(seen.add(id)).isTrue();
          }
        }
        assertThat(seen).isEqualTo(idsOf(run).keySet());
        assertThat(run.metric("plan", "examples")).isEqualTo(300);
        assertThat(run.metric("plan", "largest_batch_units")).isLessThanOrEqualTo(200);
        assertThat(run.metric("plan", "padding_share"))
            .isBetween(0.0, planner.equals("fixed") ? 0.6 : 0.25);
      }
    }

    @Test
    void ofTwoLengths() {
      TestPipeline run =
          TestPipeline.run(
              folder,
              """
              lengths: {use: synthetic-lengths, count: 2000, max: 500, vocabulary: 0}
              one: {use: plan-batches, from: lengths, kind: none, first: frames, second: length, budget: 8000}
              two: {use: plan-batches, from: lengths, kind: none, first: frames, second: length, budget: 8000,
                    planner: {buckets-2d: {bins: 8, parts: 4}}}
              """);

      assertThat(run.metric("two", "largest_batch_units")).isLessThanOrEqualTo(8000);
      assertThat(run.metric("two", "padding_share"))
          .isLessThan(run.metric("two", "naive_padding_share") / 2);
      double rejected = run.rejected("two").values().stream().mapToLong(Long::longValue).sum();
      assertThat(run.metric("two", "examples") + rejected).isEqualTo(2000);
    }
  }

  @Nested
  class WhereNoBatchCanHoldAnExample {
    @Test
    void rejectsIt() {
      TestPipeline run = plan(documents(5, 50, 6), "", "budget: 20, shards: 1");

      assertThat(run.rejected("plan")).containsExactly(Map.entry("plan.over-length", 1L));
      assertThat(run.metric("plan", "examples")).isEqualTo(2);
      assertThat(run.metric("plan", "over_length")).isEqualTo(1);
      Row reject =
          run.table("plan", "batches").rejects(TestPipeline.spark()).collectAsList().get(0);
      assertThat(reject.<String>getAs("reject_detail"))
          .isEqualTo("d1: 50 + 0 units, the budget is 20");
    }

    @Test
    void orTruncatesIt() {
      TestPipeline run =
          plan(
              documents(5, 50, 6), "", "budget: 20, shards: 1, over-length: truncate, round-to: 3");

      assertThat(run.rejected("plan")).isEmpty();
      assertThat(run.metric("plan", "over_length")).isEqualTo(1);
      assertThat(run.metric("plan", "longest")).isEqualTo(18);
      assertThat(run.metric("plan", "bytes")).isEqualTo(5 + 18 + 6);
    }

    @Test
    void saysSoIfNoneIsLeft() {
      assertThatThrownBy(() -> plan(documents(30, 50), "", "budget: 20"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no example is left to batch; rejected: {over-length=2}");
    }
  }

  @Nested
  class Groups {
    @Test
    void areNeverSplit() {
      TestPipeline run =
          plan(
              documents(IntStream.range(0, 60).map(at -> 1 + at % 11).toArray()),
              ", group: group",
              "budget: 48, shards: 2, planner: {buckets: {count: 3}}");

      Map<Long, Integer> batchOfGroup = new HashMap<>();
      List<Batch> batches = batches(run);
      int seen = 0;
      for (int at = 0; at < batches.size(); at++) {
        for (long group : batches.get(at).groupIds()) {
          Integer other = batchOfGroup.put(group, at);
          assertThat(other == null || other == at).isTrue();
          seen++;
        }
      }
      assertThat(seen).isEqualTo(60);
      assertThat(batchOfGroup).hasSize(30);
    }

    @Test
    void thatNoBatchCanHoldAreRejectedWhole() {
      List<Map<String, Object>> documents = new ArrayList<>(documents(3, 3, 3, 3));
      for (int at = 0; at < 500; at++) {
        documents.add(document("giant" + at, "xx", "a", "giant"));
      }

      TestPipeline run = plan(documents, ", group: group", "budget: 20, shards: 1");

      assertThat(run.rejected("plan")).containsExactly(Map.entry("plan.group-over-budget", 500L));
      assertThat(run.metric("plan", "examples")).isEqualTo(4);
    }
  }

  @Nested
  class Shards {
    @Test
    void holdEveryExampleOnceForAnyNumberOfThem() {
      for (int shards : new int[] {1, 3, 8}) {
        TestPipeline run = plan(documents(3, 1, 4, 1, 5), "", "budget: 6, shards: " + shards);

        List<Long> ids = new ArrayList<>();
        batches(run).forEach(b -> java.util.Arrays.stream(b.exampleIds()).forEach(ids::add));
        assertThat(ids).containsExactlyInAnyOrderElementsOf(idsOf(run).keySet());
        assertThat(TableFeed.inOrder(run.table("plan", "batches")).shards()).isEqualTo(shards);
      }
    }

    @Test
    void areOfEqualSizeAndCutIntoBlocks() {
      int[] lengths = IntStream.range(0, 100).map(at -> 1 + at % 9).toArray();
      TestPipeline run = plan(documents(lengths), "", "budget: 10, shards: 3, block-bytes: 300");

      Map<Integer, List<Long>> positions = new TreeMap<>();
      for (Row row : run.rows("plan", "batches")) {
        positions
            .computeIfAbsent(row.getAs(BatchTable.SHARD), shard -> new ArrayList<>())
            .add(row.getAs(BatchTable.POSITION));
        long position = row.getAs(BatchTable.POSITION);
        assertThat(row.<Integer>getAs(BatchTable.BLOCK)).isEqualTo((int) (position / 3));
      }
      assertThat(positions).hasSize(3);
      positions
          .values()
          .forEach(
              found -> {
                assertThat(found).doesNotHaveDuplicates();
                assertThat(found.size() - positions.get(0).size()).isBetween(-1, 1);
                assertThat(found.stream().mapToLong(Long::longValue).max().orElseThrow())
                    .isEqualTo(found.size() - 1);
              });
    }
  }

  @Nested
  class IsTheSame {
    private final int[] lengths = IntStream.range(0, 200).map(at -> 1 + (at * 31) % 61).toArray();

    private List<String> content(TestPipeline run) {
      List<String> all = new ArrayList<>();
      for (Row row :
          run.table("plan", "batches")
              .read(TestPipeline.spark())
              .orderBy("batch")
              .collectAsList()) {
        Batch batch = BatchTable.batch(row);
        all.add(
            "%s %s %s %s"
                .formatted(
                    row.<Integer>getAs("shard"),
                    row.<Long>getAs("position"),
                    java.util.Arrays.toString(batch.exampleIds()),
                    java.util.Arrays.hashCode(batch.tensor(Batch.INPUT).bytes())));
      }
      return all;
    }

    @Test
    void underAnyPartitioning() {
      List<String> one = content(plan(documents(lengths), 1, "", "budget: 150, shards: 3"));
      List<String> many = content(plan(documents(lengths), 6, "", "budget: 150, shards: 3"));

      assertThat(many).isEqualTo(one);
    }

    @Test
    void unlessTheSeedIsAnother() {
      List<String> one = content(plan(documents(lengths), "", "budget: 150, shards: 3, seed: 1"));
      List<String> other = content(plan(documents(lengths), "", "budget: 150, shards: 3, seed: 2"));

      assertThat(other).isNotEqualTo(one);
    }
  }

  @Test
  void cutsAGiantBucketIntoPiecesAtLittleCost() {
    TestPipeline run =
        TestPipeline.run(
            folder,
            """
            lengths: {use: synthetic-lengths, count: 20000, sigma: 0.01, vocabulary: 0}
            whole: {use: plan-batches, from: lengths, kind: none}
            pieces: {use: plan-batches, from: lengths, kind: none, piece-examples: 1000}
            """);

    double whole = run.metric("whole", "batches");
    assertThat(run.metric("pieces", "batches")).isBetween(whole, whole + 60);
    assertThat(run.metric("pieces", "examples")).isEqualTo(20_000);
  }

  @Test
  void saysWhatNaiveBatchesWouldCost() {
    TestPipeline run =
        TestPipeline.run(
            folder,
            """
            lengths: {use: synthetic-lengths, count: 20000, vocabulary: 0}
            fixed: {use: plan-batches, from: lengths, kind: none, planner: fixed}
            buckets: {use: plan-batches, from: lengths, kind: none}
            """);

    double naive = run.metric("buckets", "naive_padding_share");
    assertThat(naive).isCloseTo(run.metric("fixed", "padding_share"), Offset.offset(0.02));
    assertThat(run.metric("buckets", "padding_share")).isLessThan(0.06);
    assertThat(naive).isGreaterThan(0.6);
  }

  @Nested
  class Refuses {
    @Test
    void twoExamplesOfOneIdentity() {
      List<Map<String, Object>> documents = new ArrayList<>(documents(3, 4));
      documents.add(document("d0", "yyy", "a", "g"));

      assertThatThrownBy(() -> plan(documents, "", "budget: 20"))
          .hasStackTraceContaining("two documents have one id");
    }

    @Test
    void tokensThatDoNotSayTheirVocabulary() {
      Path file =
          TestPipeline.rows(
              folder.resolve("tokens.json"),
              List.of(Map.of("example_id", 1L, "id", "a", "tokens", List.of(1, 2), "length", 2)));

      assertThatThrownBy(
              () ->
                  TestPipeline.run(
                      folder.resolve("out"),
                      """
                      tokens: {use: json-rows, path: %s, columns: "example_id long, id string, tokens array<int>, length int"}
                      plan: {use: plan-batches}
                      """
                          .formatted(file)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("does not say its vocabulary");
    }

    @Test
    void twoLengthsOfOneColumn() {
      assertThatThrownBy(() -> plan(documents(2), "", "second: length"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("plan.second: must be another column");
    }
  }
}
