package org.trainyard.dataprep.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.batch.kernel.BatchSizes;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;

@DisplayName("Profiling batch sizes")
class ProfileBatchSizesTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  private TestPipeline run(String profile, String steps) {
    return TestPipeline.run(
        folder,
        """
        lengths: {use: synthetic-lengths, count: 3000, mu: 4, sigma: 1, min: 2, max: 500}
        sizes:
          use: profile-batch-sizes
          from: lengths
          probe: {counted-memory: {bytes-per-unit: 1000}}
          off-heap-bytes: 4194304
        %s
        %s
        """
            .formatted(profile.indent(2), steps));
  }

  private static BatchSizes sizes(TestPipeline run) {
    return ProfiledSizes.read(TestPipeline.storage(), run.artifact("sizes", "sizes")).sizes();
  }

  private static List<Row> batches(TestPipeline run) {
    return run.rows("batches", "batches");
  }

  @Nested
  class FindsTheRowsOfEachLength {
    @Test
    void withinTheShareOfMemoryThatIsLeftToAStep() {
      TestPipeline run = run("memory-fraction: 0.5\nbuckets: 5", "");
      BatchSizes sizes = sizes(run);

      assertThat(sizes.edges()).hasSize(5).isSorted();
      assertThat(sizes.longest()).isEqualTo(500);
      for (int at = 0; at < 5; at++) {
        double bytes = 1000.0 * sizes.edges()[at] * sizes.rows()[at];
        assertThat(bytes).isLessThanOrEqualTo(2 * MEBIBYTE);
        assertThat(bytes + 1000 * sizes.edges()[at]).isGreaterThan(2 * MEBIBYTE * 0.95);
      }
      assertThat(run.metric("sizes", "rows_of_longest")).isEqualTo(sizes.rows()[4]);
      assertThat(run.metric("sizes", "mean_rows"))
          .isGreaterThan(run.metric("sizes", "mean_rows_of_one_size"));
      assertThat(run.metric("sizes", "probes")).isBetween(6.0, 50.0);
    }

    @Test
    void inPaddedLengths() {
      assertThat(Arrays.stream(sizes(run("round-to: 64", "")).edges()).boxed())
          .allSatisfy(edge -> assertThat(edge % 64).isZero())
          .endsWith(512);
    }

    @Test
    void andSaysWhatItAsked() {
      assertThat(run("machine: laptop", "").text("sizes", "sizes", "sizes.json"))
          .contains("laptop", "1000 bytes a unit", "vocabulary=256", "\"off-heap\" : 4194304");
    }

    @Test
    void againOnAnotherKindOfMachineOnly() {
      String first = run("machine: small", "").record("sizes").started();
      assertThat(run("machine: small", "").record("sizes").started()).isEqualTo(first);
      assertThat(run("machine: large", "").record("sizes").started()).isNotEqualTo(first);
    }

    @Test
    void unlessNoneFits() {
      assertThatThrownBy(() -> run("buckets: 1\nmemory-fraction: 0.1", ""))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("not even one example")
          .hasMessageContaining("Raise heap-bytes");
    }
  }

  @Nested
  class LimitsBatches {
    private static final String PLAN =
        "batches: {use: plan-batches, from: {tokens: lengths, sizes: sizes}, shards: 2, budget:"
            + " %d}";

    @Test
    void byTheBucketOfTheirLongestRow() {
      TestPipeline run = run("buckets: 8", PLAN.formatted(1_000_000));
      BatchSizes sizes = sizes(run);

      int full = 0;
      for (Row row : batches(run)) {
        int rows = row.getAs(BatchTable.EXAMPLES);
        long units = row.getAs(BatchTable.PADDED_UNITS);
        int bucket = sizes.buckets().of((int) (units / rows), 0);
        assertThat(rows).isLessThanOrEqualTo(sizes.rows()[bucket]);
        full += rows == sizes.rows()[bucket] ? 1 : 0;
      }
      assertThat(full).isGreaterThan(batches(run).size() / 2);
      assertThat(run.metric("batches", "examples")).isEqualTo(3000);
      assertThat(run.metric("batches", "examples_per_batch"))
          .isEqualTo(run.metric("sizes", "mean_rows"));
    }

    @Test
    void besideTheBudget() {
      TestPipeline run = run("", PLAN.formatted(1024));
      assertThat(run.metric("batches", "largest_batch_units")).isLessThanOrEqualTo(1024);
    }

    @Test
    void andTakesNoExampleThatWasTooLongToTry() {
      TestPipeline run =
          run(
              "",
              """
              other: {use: synthetic-lengths, count: 100, mu: 6, sigma: 1, min: 2, max: 2000}
              batches: {use: plan-batches, from: {tokens: other, sizes: sizes}, budget: 1000000}
              """);
      assertThat(run.rejected("batches").get("batches.over-length")).isPositive();
      assertThat(run.metric("batches", "longest")).isLessThanOrEqualTo(500);
    }

    @Test
    void unlessLengthsArePaddedOtherwise() {
      assertThatThrownBy(
              () ->
                  run(
                      "round-to: 8",
                      "batches: {use: plan-batches, from: {tokens: lengths, sizes: sizes},"
                          + " round-to: 16}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("round-to")
          .hasMessageContaining("(8)");
    }
  }
}
