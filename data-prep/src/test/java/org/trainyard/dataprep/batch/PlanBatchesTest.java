package org.trainyard.dataprep.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.TableFeed;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.run.Failure;

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

  /** Encodes documents and runs the steps that follow. */
  private TestPipeline run(List<Map<String, Object>> documents, String encode, String steps) {
    Path file = TestPipeline.rows(folder.resolve("documents.json"), documents);
    return TestPipeline.run(
        folder.resolve("run"),
        """
        documents:
          use: json-rows
          path: %s
          columns: "id string, text string, label string, group string"
        learn: {use: learn-tokenizer, tokenizer: bytes}
        encode: {from: {documents: documents, tokenizer: learn}, max-length: 10000%s}
        %s
        """
            .formatted(file, encode, steps));
  }

  private static List<Batch> batches(TestPipeline run, String step) {
    TableFeed feed = TableFeed.inOrder(run.table(step, "batches"));
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
  class WithWeights {
    private TestPipeline run(String steps, Object... weights) {
      List<Map<String, Object>> documents = new ArrayList<>();
      for (int at = 0; at < weights.length; at++) {
        documents.add(Map.of("id", "d" + at, "text", "x".repeat(at + 3), "ease", weights[at]));
      }
      Path file = TestPipeline.rows(folder.resolve("documents.json"), documents);
      return TestPipeline.run(
          folder.resolve("run"),
          """
          documents: {use: json-rows, path: %s, columns: "id string, text string, ease float"}
          learn: {use: learn-tokenizer, tokenizer: bytes}
          encode: {from: {documents: documents, tokenizer: learn}, max-length: 4, weight: ease}
          %s
          """
              .formatted(file, steps));
    }

    @Test
    void countEachExampleAsItsDocument() {
      TestPipeline run =
          run("plan: {use: plan-batches, budget: 100, shards: 1, weight: weight}", 0.25, 0, 3.5);
      Map<Long, String> ids = idsOf(run);
      Map<String, Float> found = new TreeMap<>();
      for (Batch batch : batches(run, "plan")) {
        for (int at = 0; at < batch.size(); at++) {
          found.put(ids.get(batch.exampleIds()[at]), batch.weights()[at]);
        }
      }
      assertThat(found).isEqualTo(Map.of("d0", 0.25f, "d1", 0f, "d2#0", 3.5f, "d2#1", 3.5f));
    }

    @Test
    void countAllAlikeUnlessTheyAreAskedFor() {
      TestPipeline run = run("plan: {use: plan-batches, budget: 100, shards: 1}", 0.25, 0);
      assertThat(batches(run, "plan"))
          .allSatisfy(batch -> assertThat(batch.weights()).containsOnly(1f));
    }

    @Test
    void refuseAWeightBelowZero() {
      assertThatThrownBy(() -> run("plan: {use: plan-batches, weight: weight, shards: 1}", 1, -0.5))
          .hasStackTraceContaining("column 'weight' of the example with example_id")
          .hasStackTraceContaining("is -0.5. Give it a number of at least 0");
    }

    @Test
    void refuseAColumnThatIsNotThere() {
      assertThatThrownBy(() -> run("plan: {use: plan-batches, weight: ease, shards: 1}", 1))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("ease");
    }
  }

  @Nested
  class OfALanguageModel {
    @Test
    void shiftInputsBehindABeginAndMaskPadding() {
      TestPipeline run =
          run(
              List.of(document("long", "abc", "", ""), document("short", "é", "", "")),
              "",
              "plan: {use: plan-batches, budget: 100, shards: 1, planner: fixed}");

      Batch batch = batches(run, "plan").get(0);
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

  @Test
  void sayWhichTokenizerTheirIdsAreOf() {
    TestPipeline run =
        run(
            documents(3, 4, 90),
            "",
            """
            plan: {use: plan-batches, from: encode, budget: 100}
            rejecting: {use: plan-batches, from: encode, budget: 20}
            """);

    String digest = TokenTable.facts(run.table("encode", "tokens").schema(), "tokens").tokenizer();
    assertThat(digest).hasSize(16);
    assertThat(run.rejected("rejecting")).hasSize(1);
    for (String step : List.of("plan", "rejecting")) {
      assertThat(BatchTable.tokenizer(run.table(step, "batches").schema())).isEqualTo(digest);
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
          run(
              documents(2, 1, 2),
              ", label: label",
              "plan: {use: plan-batches, from: encode, kind: classifier, budget: 100, shards: 1}");

      int seen = 0;
      for (Batch batch : batches(run, "plan")) {
        for (int row = 0; row < batch.size(); row++) {
          boolean b = idsOf(run).get(batch.exampleIds()[row]).equals("d1");
          assertThat(batch.tensor(Batch.TARGET).ints().get(row)).isEqualTo(b ? 1 : 0);
          assertThat(row(batch, Batch.INPUT, row, 1)).containsExactly(2 + 'x');
          seen++;
        }
        assertThat(batch.tensor(Batch.TARGET).shape()).containsExactly(batch.size());
      }
      assertThat(seen).isEqualTo(3);
      assertThat(run.metric("plan", "classes")).isEqualTo(2);
      assertThat(run.text("plan", "facts", "labels.json")).contains("\"a\", \"b\"");
    }

    @Test
    void needLabels() {
      assertThatThrownBy(
              () -> run(documents(2, 1), "", "plan: {use: plan-batches, kind: classifier}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("needs the column 'label'");
    }
  }

  @Nested
  class KeepsTheBudget {
    @Test
    void withEveryPlannerAndEveryExampleOnce() {
      int[] lengths = IntStream.range(0, 300).map(at -> 1 + (at * at * 7919) % 97).toArray();
      String limits = "from: encode, budget: 200, max-examples: 20, round-to: 4, shards: 3";
      TestPipeline run =
          run(
              documents(lengths),
              "",
              """
              fixed: {use: plan-batches, %1$s, planner: fixed}
              buckets: {use: plan-batches, %1$s}
              seven: {use: plan-batches, %1$s, planner: {buckets: {count: 7}}}
              """
                  .formatted(limits));

      for (String step : List.of("fixed", "buckets", "seven")) {
        Set<Long> seen = new HashSet<>();
        for (Batch batch : batches(run, step)) {
          assertThat(batch.paddedUnits()).isLessThanOrEqualTo(200);
          assertThat(batch.size()).isLessThanOrEqualTo(20);
          assertThat(batch.tensor(Batch.INPUT).shape()[1] % 4).isZero();
          for (long id : batch.exampleIds()) {
            assertThat(seen.add(id)).isTrue();
          }
        }
        assertThat(seen).isEqualTo(idsOf(run).keySet());
        assertThat(run.metric(step, "examples")).isEqualTo(300);
        assertThat(run.metric(step, "largest_batch_units")).isLessThanOrEqualTo(200);
        assertThat(run.metric(step, "padding_share"))
            .isBetween(0.0, step.equals("fixed") ? 0.6 : 0.25);
      }
    }

    @Test
    void ofTwoLengths() {
      TestPipeline run =
          TestPipeline.run(
              folder,
              """
              lengths: {use: synthetic-lengths, count: 2000, max: 500, vocabulary: 0}
              plan:
                use: plan-batches
                kind: none
                first: frames
                second: length
                budget: 8000
                planner: {buckets-2d: {bins: 8, parts: 4}}
              """);

      assertThat(run.metric("plan", "largest_batch_units")).isLessThanOrEqualTo(8000);
      assertThat(run.metric("plan", "padding_share"))
          .isLessThan(run.metric("plan", "naive_padding_share") / 2);
      double rejected = run.rejected("plan").values().stream().mapToLong(Long::longValue).sum();
      assertThat(run.metric("plan", "examples") + rejected).isEqualTo(2000);
    }
  }

  @Nested
  class WhereNoBatchCanHoldAnExample {
    @Test
    void rejectsOrTruncatesIt() {
      TestPipeline run =
          run(
              documents(5, 50, 6),
              "",
              """
              reject: {use: plan-batches, from: encode, budget: 20, shards: 1}
              truncate:
                use: plan-batches
                from: encode
                budget: 20
                over-length: truncate
                round-to: 3
              """);

      assertThat(run.rejected("reject")).containsExactly(Map.entry("reject.over-length", 1L));
      assertThat(run.metric("reject", "examples")).isEqualTo(2);
      assertThat(run.metric("reject", "over_length")).isEqualTo(1);
      Row reject =
          run.table("reject", "batches").rejects(TestPipeline.spark()).collectAsList().get(0);
      assertThat(reject.<String>getAs("reject_detail"))
          .isEqualTo("d1: 50 + 0 units, the most is 20");

      assertThat(run.rejected("truncate")).isEmpty();
      assertThat(run.metric("truncate", "over_length")).isEqualTo(1);
      assertThat(run.metric("truncate", "longest")).isEqualTo(18);
      assertThat(run.metric("truncate", "bytes")).isEqualTo(5 + 18 + 6);
    }

    @Test
    void splitsItIntoExamplesWhoseTokensAndBytesAddUp() {
      TestPipeline run =
          run(
              List.of(
                  document("short", "abc", "", ""), document("long", "defghijklmnopqrst", "", "")),
              "",
              "plan: {use: plan-batches, budget: 7, shards: 1, over-length: split}");

      assertThat(run.rejected("plan")).isEmpty();
      assertThat(run.metric("plan", "over_length")).isEqualTo(1);
      assertThat(run.metric("plan", "examples")).isEqualTo(4);
      assertThat(run.metric("plan", "bytes")).isEqualTo(3 + 17);
      List<String> pieces = new ArrayList<>();
      Set<Long> ids = new HashSet<>();
      for (Batch batch : batches(run, "plan")) {
        for (int row = 0; row < batch.size(); row++) {
          pieces.add(text(batch, row));
          assertThat(batch.tensor(Batch.INPUT).slice(row, row + 1).ints().get(0)).isEqualTo(1);
          assertThat(batch.tensor(Batch.BYTES).ints().get(row))
              .isEqualTo(pieces.get(pieces.size() - 1).length());
          ids.add(batch.exampleIds()[row]);
        }
      }
      assertThat(pieces).containsExactlyInAnyOrder("abc", "defghij", "klmnopq", "rst");
      assertThat(ids).hasSize(4);
    }

    /** The targets of a row, as text. */
    private String text(Batch batch, int row) {
      StringBuilder text = new StringBuilder();
      int width = batch.tensor(Batch.TARGET).shape()[1];
      for (int id : row(batch, Batch.TARGET, row, width)) {
        if (id != 0) {
          text.append((char) (id - 2));
        }
      }
      return text.toString();
    }

    @Test
    void butSplitsNothingOfTwoLengths() {
      assertThatThrownBy(
              () ->
                  run(
                      documents(2),
                      "",
                      "plan: {use: plan-batches, second: bytes, over-length: split}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("plan.over-length: cannot be split with a second length");
    }

    @Test
    void rejectsEmptyOnes() {
      Path file =
          TestPipeline.rows(
              folder.resolve("tokens.json"),
              List.of(
                  Map.of("example_id", 1L, "id", "none", "length", 0),
                  Map.of("example_id", 2L, "id", "one", "length", 5)));
      TestPipeline run =
          TestPipeline.run(
              folder.resolve("out"),
              """
              tokens: {use: json-rows, path: %s, columns: "example_id long, id string, length int"}
              plan: {use: plan-batches, kind: none}
              """
                  .formatted(file));

      assertThat(run.rejected("plan")).containsExactly(Map.entry("plan.empty", 1L));
      assertThat(run.metric("plan", "examples")).isEqualTo(1);
    }

    @Test
    void saysSoIfNoneIsLeft() {
      assertThatThrownBy(
              () ->
                  TestPipeline.run(
                      folder,
                      """
                      lengths: {use: synthetic-lengths, count: 2, min: 30, vocabulary: 0}
                      plan: {use: plan-batches, kind: none, budget: 20}
                      """))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no example is left to batch; rejected: {over-length=2}");
    }
  }

  @Nested
  class Packed {
    @Test
    void tellTheExamplesOfARowApart() {
      TestPipeline run =
          run(
              List.of(
                  document("a", "abcd", "", ""),
                  document("b", "é", "", ""),
                  document("c", "fghijk", "", "")),
              "",
              "plan: {use: plan-batches, budget: 12, shards: 1, planner: {pack: {row-length: 6}}}");

      Batch batch = batches(run, "plan").get(0);
      assertThat(batch.size()).isEqualTo(3);
      assertThat(batch.rows()).isEqualTo(2);
      List<String> ids = new ArrayList<>();
      for (long id : batch.exampleIds()) {
        ids.add(idsOf(run).get(id));
      }
      int shared = ids.indexOf("c") == 0 ? 1 : 0;
      boolean ab = ids.indexOf("a") < ids.indexOf("b");
      assertThat(row(batch, Batch.SEGMENT, shared, 6))
          .containsExactly(ab ? new int[] {1, 1, 1, 1, 2, 2} : new int[] {1, 1, 2, 2, 2, 2});
      assertThat(row(batch, Batch.POSITION, shared, 6))
          .containsExactly(ab ? new int[] {0, 1, 2, 3, 0, 1} : new int[] {0, 1, 0, 1, 2, 3});
      int[] a = {1, 99, 100, 101};
      int[] b = {1, 2 + 0xC3};
      assertThat(row(batch, Batch.INPUT, shared, 6))
          .containsExactly(ab ? joined(a, b) : joined(b, a));
      assertThat(row(batch, Batch.TARGET, shared, 6))
          .containsExactly(
              ab
                  ? new int[] {99, 100, 101, 102, 2 + 0xC3, 2 + 0xA9}
                  : new int[] {2 + 0xC3, 2 + 0xA9, 99, 100, 101, 102});
      assertThat(batch.tensor(Batch.BYTES).shape()).containsExactly(3);
      assertThat(batch.tensor(Batch.BYTES).ints().get(ids.indexOf("b"))).isEqualTo(2);
      assertThat(batch.realUnits()).isEqualTo(12);
      assertThat(run.metric("plan", "packed")).isEqualTo(1);
      assertThat(run.metric("plan", "padding_share")).isZero();
      assertThat(run.metric("plan", "budget_share")).isEqualTo(1);
    }

    private int[] joined(int[] one, int[] other) {
      return IntStream.concat(IntStream.of(one), IntStream.of(other)).toArray();
    }

    @Test
    void holdEveryExampleOnceWithinTheBudgetHoweverTheyWereFitted() {
      int[] lengths = IntStream.range(0, 300).map(at -> 1 + (at * at * 7919) % 97).toArray();
      String limits = "from: encode, budget: 400, shards: 3, piece-examples: 120";
      TestPipeline run =
          run(
              documents(lengths),
              ", group: group",
              """
              best: {use: plan-batches, %1$s, planner: pack}
              first: {use: plan-batches, %1$s, planner: {pack: {fit: first, row-length: 200}}}
              histogram: {use: plan-batches, %1$s, planner: {pack: {fit: histogram}}}
              """
                  .formatted(limits));

      for (String step : List.of("best", "first", "histogram")) {
        Set<Long> seen = new HashSet<>();
        long bytes = 0;
        for (Batch batch : batches(run, step)) {
          assertThat(batch.paddedUnits()).isLessThanOrEqualTo(400);
          IntBuffer ints = batch.tensor(Batch.BYTES).ints();
          while (ints.hasRemaining()) {
            bytes += ints.get();
          }
          LongStream.of(batch.exampleIds()).forEach(id -> assertThat(seen.add(id)).isTrue());
        }
        assertThat(seen).isEqualTo(idsOf(run).keySet());
        assertThat(bytes).isEqualTo((long) run.metric(step, "bytes"));
        // Pairs that need more than a row leave gaps.
        assertThat(run.metric(step, "padding_share"))
            .isLessThan(run.metric(step, "naive_padding_share"));
      }
    }

    @Test
    void takeNoExampleLongerThanARow() {
      TestPipeline run =
          run(
              documents(5, 50, 6),
              "",
              """
              reject:
                {use: plan-batches, from: encode, budget: 100, planner: {pack: {row-length: 20}}}
              split:
                use: plan-batches
                from: encode
                budget: 100
                over-length: split
                planner: {pack: {row-length: 20}}
              """);

      assertThat(run.rejected("reject")).containsExactly(Map.entry("reject.over-length", 1L));
      assertThat(run.metric("split", "examples")).isEqualTo(5);
      assertThat(run.metric("split", "bytes")).isEqualTo(61);
      assertThat(run.metric("split", "longest")).isEqualTo(20);
    }

    @Test
    void areNotForOneLabelARowNorForTwoLengths() {
      assertThatThrownBy(
              () ->
                  run(
                      documents(2),
                      ", label: label",
                      "plan: {use: plan-batches, from: encode, kind: classifier, planner: pack}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("which the kind 'classifier' cannot hold; take buckets");
      assertThatThrownBy(
              () ->
                  run(documents(2), "", "plan: {use: plan-batches, second: bytes, planner: pack}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("take buckets-2d");
    }
  }

  @Test
  void tellsTheReportWhatEachBucketCameTo() {
    TestPipeline run =
        run(
            documents(4, 4, 9, 10, 10),
            "",
            """
            plan:
              use: plan-batches
              from: encode
              budget: 20
              planner: {buckets: {count: 2}}
              piece-examples: 3
            """);

    PlanFile plan = Json.read(run.text("plan", "facts", PlanFile.NAME), PlanFile.class);
    assertThat(plan.buckets().stream().mapToLong(PlanFile.Bucket::examples).sum()).isEqualTo(5);
    assertThat(plan.buckets().stream().mapToLong(PlanFile.Bucket::realUnits).sum()).isEqualTo(37);
    assertThat(plan.buckets().stream().mapToDouble(PlanFile.Bucket::paddedUnits).sum())
        .isEqualTo(run.metric("plan", "padded_units"));
    assertThat(plan.buckets().stream().mapToDouble(PlanFile.Bucket::batches).sum())
        .isEqualTo(run.metric("plan", "batches"))
        .isEqualTo(plan.batchSizes().stream().mapToLong(PlanFile.BatchSize::batches).sum());
    assertThat(plan.buckets().get(0).shortest()).isEqualTo(4);
    assertThat(plan.naivePaddedUnits())
        .isCloseTo(37 / (1 - run.metric("plan", "naive_padding_share")), Offset.offset(1e-6));
  }

  @Test
  void neverSplitsAGroupAndRejectsThoseThatNoBatchCanHold() {
    List<Map<String, Object>> documents =
        documents(IntStream.range(0, 60).map(at -> 1 + at % 11).toArray());
    for (int at = 0; at < 500; at++) {
      documents.add(document("giant" + at, "xx", "a", "giant"));
    }

    TestPipeline run =
        run(
            documents,
            ", group: group",
            """
            plan:
              use: plan-batches
              from: encode
              budget: 48
              shards: 2
              planner: {buckets: {count: 3}}
            """);

    Map<Long, Integer> batchOfGroup = new HashMap<>();
    List<Batch> batches = batches(run, "plan");
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
    assertThat(run.rejected("plan")).containsExactly(Map.entry("plan.group-over-budget", 500L));
  }

  @Nested
  class Shards {
    @Test
    void holdEveryExampleOnceForAnyNumberOfThem() {
      TestPipeline run =
          run(
              documents(3, 1, 4, 1, 5),
              "",
              """
              s1: {use: plan-batches, from: encode, budget: 6, shards: 1}
              s8: {use: plan-batches, from: encode, budget: 6, shards: 8}
              """);

      for (String step : List.of("s1", "s8")) {
        List<Long> ids = new ArrayList<>();
        batches(run, step).forEach(b -> LongStream.of(b.exampleIds()).forEach(ids::add));
        assertThat(ids).containsExactlyInAnyOrderElementsOf(idsOf(run).keySet());
        assertThat(TableFeed.inOrder(run.table(step, "batches")).shards())
            .isEqualTo(step.equals("s1") ? 1 : 8);
      }
    }

    @Test
    void areOfEqualSizeAndCutIntoBlocks() {
      TestPipeline run =
          TestPipeline.run(
              folder,
              """
              lengths: {use: synthetic-lengths, count: 100, max: 20, vocabulary: 0}
              plan: {use: plan-batches, kind: none, budget: 40, shards: 3, block-bytes: 150}
              """);

      Map<Integer, List<Long>> positions = new TreeMap<>();
      for (Row row : run.rows("plan", "batches")) {
        long position = row.getAs(BatchTable.POSITION);
        positions
            .computeIfAbsent(row.getAs(BatchTable.SHARD), shard -> new ArrayList<>())
            .add(position);
        assertThat(row.<Integer>getAs(BatchTable.BLOCK)).isEqualTo((int) (position / 3));
      }
      assertThat(positions).hasSize(3);
      for (List<Long> found : positions.values()) {
        assertThat(found).doesNotHaveDuplicates();
        assertThat(found.size() - positions.get(0).size()).isBetween(-1, 1);
        assertThat(found.stream().mapToLong(Long::longValue).max().orElseThrow())
            .isEqualTo(found.size() - 1);
      }
    }
  }

  @Test
  void givesTheSameUnderAnyPartitioningUnlessTheSeedIsAnother() {
    Path file =
        TestPipeline.rows(
            folder.resolve("documents.json"),
            documents(IntStream.range(0, 200).map(at -> 1 + (at * 31) % 61).toArray()));
    String read = "{use: json-rows, path: %s, columns: 'id string, text string', partitions: %d}";
    TestPipeline run =
        TestPipeline.run(
            folder.resolve("run"),
            """
            one: %s
            six: %s
            learn: {use: learn-tokenizer, from: one, tokenizer: bytes}
            encode-one: {use: encode, from: {documents: one, tokenizer: learn}}
            encode-six: {use: encode, from: {documents: six, tokenizer: learn}}
            plan-one: {use: plan-batches, from: encode-one, budget: 150, shards: 3}
            plan-six: {use: plan-batches, from: encode-six, budget: 150, shards: 3}
            plan-seed: {use: plan-batches, from: encode-one, budget: 150, shards: 3, seed: 8}
            pack-one: {use: plan-batches, from: encode-one, budget: 150, shards: 3, planner: pack}
            pack-six: {use: plan-batches, from: encode-six, budget: 150, shards: 3, planner: pack}
            """
                .formatted(read.formatted(file, 1), read.formatted(file, 6)));

    assertThat(content(run, "plan-six")).isEqualTo(content(run, "plan-one"));
    assertThat(content(run, "pack-six")).isEqualTo(content(run, "pack-one"));
    assertThat(content(run, "plan-seed")).isNotEqualTo(content(run, "plan-one"));
  }

  private static List<String> content(TestPipeline run, String step) {
    List<String> all = new ArrayList<>();
    for (Row row :
        run.table(step, "batches").read(TestPipeline.spark()).orderBy("batch").collectAsList()) {
      Batch batch = BatchTable.batch(row);
      all.add(
          "%d %d %s %d"
              .formatted(
                  row.<Integer>getAs("shard"),
                  row.<Long>getAs("position"),
                  Arrays.toString(batch.exampleIds()),
                  Arrays.hashCode(batch.tensor(Batch.INPUT).bytes())));
    }
    return all;
  }

  @Test
  void cutsAGiantBucketIntoPiecesAtLittleCostAndSaysWhatNaiveBatchesWouldCost() {
    TestPipeline run =
        TestPipeline.run(
            folder,
            """
            lengths: {use: synthetic-lengths, count: 20000, vocabulary: 0}
            fixed: {use: plan-batches, from: lengths, kind: none, planner: fixed}
            buckets: {use: plan-batches, from: lengths, kind: none}
            pieces: {use: plan-batches, from: lengths, kind: none, planner: fixed, piece-examples: 1000}
            """);

    double naive = run.metric("buckets", "naive_padding_share");
    assertThat(naive).isCloseTo(run.metric("fixed", "padding_share"), Offset.offset(0.02));
    assertThat(run.metric("buckets", "padding_share")).isLessThan(0.06);
    assertThat(naive).isGreaterThan(0.6);

    double whole = run.metric("fixed", "batches");
    assertThat(run.metric("pieces", "batches")).isBetween(whole * 0.98, whole * 1.03);
    assertThat(run.metric("pieces", "examples")).isEqualTo(20_000);
  }

  @Nested
  class Refuses {
    @Test
    void twoExamplesOfOneIdentity() {
      List<Map<String, Object>> documents = documents(3, 4);
      documents.add(document("d0", "yyy", "a", "g"));

      assertThatThrownBy(
              () -> run(documents, "", "plan: {use: plan-batches, from: encode, budget: 20}"))
          .hasStackTraceContaining("two documents have one id");
    }

    @Test
    void tokensThatDoNotSayTheirVocabulary() {
      Path file =
          TestPipeline.rows(
              folder.resolve("tokens.json"),
              List.of(Map.of("example_id", 1L, "id", "a", "tokens", List.of(1, 2), "length", 2)));
      String columns = "example_id long, id string, tokens array<int>, length int";

      assertThatThrownBy(
              () ->
                  TestPipeline.run(
                      folder.resolve("out"),
                      """
                      tokens: {use: json-rows, path: %s, columns: "%s"}
                      plan: {use: plan-batches}
                      """
                          .formatted(file, columns)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("does not say its vocabulary");
    }

    @Test
    void tokensBeyondTheVocabulary() {
      for (int token : new int[] {-1, 9}) {
        Path file =
            TestPipeline.rows(
                folder.resolve("tokens" + token + ".json"),
                List.of(
                    Map.of("example_id", 1L, "id", "a", "tokens", List.of(2, token), "length", 2)));

        assertThatThrownBy(
                () ->
                    TestPipeline.run(
                        folder.resolve("out" + token),
                        """
                        tokens:
                          use: json-rows
                          path: %s
                          columns: "example_id long, id string, tokens array<int>, length int"
                          vocabulary: 9
                        plan: {use: plan-batches}
                        """
                            .formatted(file)))
            .extracting(Failure::of)
            .isEqualTo(
                new Failure(
                    Failure.DATA,
                    "the example with example_id 1 has the token %d, but the token table says that its vocabulary is 0 to 8. Encode it anew."
                        .formatted(token)));
      }
    }

    @Test
    void twoLengthsOfOneColumn() {
      assertThatThrownBy(() -> run(documents(2), "", "plan: {use: plan-batches, second: length}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("plan.second: must be another column");
    }
  }
}
