package org.trainyard.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.StorageException;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.testing.TestSpark;
import org.trainyard.pipeline.testing.TestSum;

@DisplayName("A run")
class RunnerTest {
  private static final String STEPS =
      """
      numbers: {use: test-numbers, count: 12}
      even: {use: test-divisible}
      thirds: {use: test-divisible, by: 3}
      total: {use: test-sum}
      """;

  @TempDir Path output;

  private Runner.Result run(String steps) {
    return run(steps, Sampling.ALL);
  }

  private Runner.Result run(String steps, Sampling sampling) {
    String file = "name: n\noutput: %s\nseed: 3\nsteps:\n%s".formatted(output, steps.indent(2));
    Graph graph = Graph.of(PipelineFile.parse(file, Map.of()));
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    return new Runner(TestSpark.session(), new Progress(nowhere, false)).run(graph, sampling);
  }

  private static List<String> skipped(Runner.Result result) {
    return result.run().units().stream()
        .filter(RunRecord.UnitRun::skipped)
        .map(RunRecord.UnitRun::step)
        .toList();
  }

  private Table table(Runner.Result result, String step, String name) {
    StepRecord record = result.records().get(step);
    return new Table(
        new Versions(
                new org.trainyard.pipeline.record.Storage(
                    TestSpark.session().sparkContext().hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(output.toUri()))
            .folder(step, record.key()),
        record,
        name);
  }

  private long filesBelow(String pattern) {
    try (Stream<Path> files = Files.walk(output)) {
      return files.filter(file -> file.toString().matches(pattern)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nested
  class AddsUp {
    @Test
    void rowsInOutAndRejectedByStepAndReason() {
      StepRecord record = run(STEPS).records().get("thirds");
      assertThat(record.rows().in()).isEqualTo(12);
      assertThat(record.rows().out()).isEqualTo(2);
      assertThat(record.rows().rejected())
          .containsEntry("even.not-divisible", 6L)
          .containsEntry("thirds.not-divisible", 4L)
          .hasSize(2);
    }

    @Test
    void andKeepsRejectedRowsWithTheirReason() {
      Table table = table(run(STEPS), "thirds", Step.ROWS);
      List<Row> rejects = table.rejects(TestSpark.session()).orderBy("number").collectAsList();
      assertThat(rejects).hasSize(10);
      assertThat(rejects.get(0).<String>getAs("id")).isEqualTo("n1");
      assertThat(rejects.get(0).<String>getAs(Rejects.DETAIL)).isEqualTo("by 2: n1");
      assertThat(rejects.get(0).<String>getAs(Rejects.STEP)).isEqualTo("even");
      assertThat(table.read(TestSpark.session()).columns())
          .containsExactly("number", "id", "licence");
    }

    @Test
    void andCarriesLicencesAlong() {
      Runner.Result result = run(STEPS);
      assertThat(result.records().get("thirds").licences()).containsEntry("CC0-1.0", 2L);
      assertThat(result.records().get("total").licences()).containsEntry("CC0-1.0", 2L);
    }

    @Test
    void orFailsIfAStageDeletesRows() {
      assertThatThrownBy(
              () ->
                  run("numbers: {use: test-numbers}\neven: {use: test-divisible, deletes: true}\n"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a stage deletes or invents rows");
    }
  }

  @Nested
  class SkipsWhatIsThere {
    @Test
    void allOfItTheSecondTime() {
      run(STEPS);
      assertThat(skipped(run(STEPS))).containsExactly("numbers", "thirds", "total");
    }

    @Test
    void butNotWhatHangsOnAChangedSetting() {
      String split = STEPS + "other: {use: test-sum, from: numbers-again}\n";
      String steps =
          split
              .replace("total:", "numbers-again: {use: test-numbers}\ntotal:")
              .replace("total: {use: test-sum}", "total: {use: test-sum, from: thirds}");
      run(steps);
      Runner.Result changed = run(steps.replace("by: 3", "by: 6"));
      assertThat(skipped(changed)).containsExactly("numbers", "numbers-again", "other");
    }

    @Test
    void andComesBackToAnEarlierSettingAtOnce() {
      run(STEPS);
      run(STEPS.replace("by: 3", "by: 6"));
      assertThat(skipped(run(STEPS))).containsExactly("numbers", "thirds", "total");
    }

    @Test
    void unlessAFileOfTheSourceChanged() throws IOException {
      Path file = Files.writeString(output.resolve("input.txt"), "a");
      String steps = "numbers: {use: test-numbers, paths: ['" + file + "']}\n";
      run(steps);
      assertThat(skipped(run(steps))).containsExactly("numbers");
      Files.writeString(file, "ab");
      assertThat(skipped(run(steps))).isEmpty();
    }

    @Test
    void andSaysSoIfAPublishedFileIsGone() throws IOException {
      run(STEPS);
      try (Stream<Path> files = Files.walk(output)) {
        Path data =
            files
                .filter(f -> f.toString().matches(".*/thirds/.*rejected=false/.*\\.parquet"))
                .findFirst()
                .orElseThrow();
        Files.delete(data);
      }
      assertThatThrownBy(() -> run(STEPS))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("is gone")
          .hasMessageContaining("Delete the folder");
    }
  }

  @Nested
  class ThatFailed {
    private final String failing = STEPS.replace("test-sum}", "test-sum, fails: true}");

    @Test
    void publishesNothingOfTheFailedStepAndKeepsTheOthers() {
      assertThatThrownBy(() -> run(failing))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("No space left on device");
      assertThat(filesBelow(".*/total/.*/record.json")).isZero();
      assertThat(filesBelow(".*/total/.*/attempt-.*")).isZero();
      assertThat(filesBelow(".*/thirds/.*/record.json")).isEqualTo(1);
    }

    @Test
    void goesOnFromTheCheckpointTheNextTime() {
      assertThatThrownBy(() -> run(failing)).isInstanceOf(StorageException.class);
      Runner.Result second = run(failing);
      assertThat(skipped(second)).containsExactly("numbers", "thirds");
      assertThat(second.records().get("total").metrics())
          .containsEntry("resumed", 1.0)
          .containsEntry("sum", 6.0);
      assertThat(filesBelow(".*/total/.*/checkpoint")).isZero();
    }

    @Test
    void goesOnWithWhatAnotherDriverHasMadeMeanwhile() {
      TestSum.meanwhile = () -> run(failing);
      try {
        Runner.Result result = run(failing);
        assertThat(result.records().get("total").metrics()).containsEntry("sum", 6.0);
        assertThat(filesBelow(".*/total/[^/]*/attempt-[^/]*")).isEqualTo(1);
      } finally {
        TestSum.meanwhile = () -> {};
      }
    }

    @Test
    void tellsItsExitCodeInTheRunRecord() throws IOException {
      assertThatThrownBy(() -> run(failing)).isInstanceOf(StorageException.class);
      try (Stream<Path> files = Files.walk(output)) {
        Path record = files.filter(f -> f.endsWith("run.json")).findFirst().orElseThrow();
        assertThat(Files.readString(record)).contains("\"exit\" : 5", "No space left on device");
      }
    }
  }

  @Nested
  class StopsAtBadData {
    @Test
    void ifNoRowIsThere() {
      assertThatThrownBy(() -> run("numbers: {use: test-numbers, count: 0}\n"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("numbers: no row is left, the input is empty");
    }

    @Test
    void ifTooManyRowsAreRejected() {
      assertThatThrownBy(
              () ->
                  run(
                      "numbers: {use: test-numbers}\n"
                          + "even: {use: test-divisible, max-rejects: 0.3}\n"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("even: 5 of 10 rows are faulty, more than even.max-rejects (0.3)")
          .hasMessageContaining("n1: not-divisible");
    }

    @Test
    void butNotIfAnExpandingStepRejectsMoreRowsThanCameIn() {
      Runner.Result result =
          run("numbers: {use: test-numbers, count: 4}\neven: {use: test-divisible, copies: 5}\n");
      assertThat(result.records().get("even").rows().rejected())
          .containsExactly(Map.entry("even.not-divisible", 10L));
    }

    @Test
    void ifAFileIsMissing() {
      assertThatThrownBy(() -> run("numbers: {use: test-numbers, paths: [/nowhere/*.txt]}\n"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("numbers.paths: no file matches '/nowhere/*.txt'");
    }
  }

  @Test
  void clearsAttemptsInWhichNothingWasWrittenForADay() throws IOException {
    run(STEPS);
    Path version;
    try (Stream<Path> files = Files.walk(output)) {
      version =
          files
              .filter(f -> f.toString().matches(".*/total/[0-9a-f]{16}"))
              .findFirst()
              .orElseThrow();
    }
    Files.delete(version.resolve("record.json"));
    FileTime twoDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    for (String attempt : List.of("attempt-dead", "attempt-alive")) {
      Path file = Files.createDirectories(version.resolve(attempt + "/rows")).resolve("part-0");
      Files.setLastModifiedTime(Files.writeString(file, "old"), twoDaysAgo);
    }
    Files.writeString(version.resolve("attempt-alive/rows/part-1"), "new");
    for (String folder : List.of("attempt-dead/rows", "attempt-dead", "attempt-alive")) {
      Files.setLastModifiedTime(version.resolve(folder), twoDaysAgo);
    }
    run(STEPS);
    assertThat(version.resolve("attempt-dead")).doesNotExist();
    assertThat(version.resolve("attempt-alive/rows/part-0")).exists();
  }

  @Test
  void saysHowToMendARecordThatIsBroken() throws IOException {
    run(STEPS);
    try (Stream<Path> files = Files.walk(output)) {
      Path record =
          files
              .filter(f -> f.toString().matches(".*/total/.*/record.json"))
              .findFirst()
              .orElseThrow();
      Files.writeString(record, "{\"step\" : \"to");
    }
    assertThatThrownBy(() -> run(STEPS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record.json: is not a whole record. Delete the folder");
  }

  @Test
  void onASampleReadsTheSameRowsEachTimeAndLessThanAll() {
    String steps = "numbers: {use: test-numbers, count: 1000}\n";
    Runner.Result first = run(steps, new Sampling(0, 0.2));
    long rows = first.records().get("numbers").rows().out();
    assertThat(rows).isBetween(150L, 250L);
    assertThat(skipped(run(steps, new Sampling(0, 0.2)))).containsExactly("numbers");
    assertThat(run(steps, new Sampling(50, 1)).records().get("numbers").rows().out()).isEqualTo(50);
  }

  @Test
  void writesEveryEventWithItsStep() throws IOException {
    Runner.Result result = run(STEPS);
    String events = Files.readString(Path.of(result.folder().toUri()).resolve("events.jsonl"));
    assertThat(events.lines().count()).isEqualTo(8);
    assertThat(events).contains("\"kind\":\"summed\",\"step\":\"total\",\"total\":6");
  }
}
