package org.trainyard.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.cli.Trainyard;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.Rows;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.RunRecord;
import org.trainyard.pipeline.run.StoredRun;

@DisplayName("A run in its folder")
class StoredRunTest {
  private static final Storage STORAGE = PipelineOptions.storage();

  @TempDir Path output;

  @BeforeEach
  void twoRuns() throws IOException {
    write("20260101T000000Z-1", "0011", 1.5, 30);
    write("20260102T000000Z-1", "0022", 1.2, 20);
  }

  private void write(String id, String version, double loss, int epochs) throws IOException {
    Path folder = Files.createDirectories(output.resolve("train/" + version + "/model"));
    Files.writeString(
        folder.resolve("history.jsonl"),
        "{\"units\":10,\"loss_per_unit\":3.5}\n{\"units\":20,\"loss_per_unit\":2.5}\n{\"units\":3");
    Output model = new Output(Output.Kind.ARTIFACT, "model", "", 0, List.of(), List.of());
    StepRecord record =
        new StepRecord(
            "train",
            version.repeat(16),
            "0.1.0",
            List.of(),
            new TreeMap<>(),
            new Rows(7, 0, new TreeMap<>()),
            new TreeMap<>(),
            new TreeMap<>(Map.of("model", model)),
            new TreeMap<>(Map.of("loss", loss)),
            "",
            1000);
    Files.writeString(folder.resolveSibling("record.json"), Json.pretty(record));
    RunRecord run =
        new RunRecord(
            id,
            "tiny",
            "0.1.0",
            "2026-01-01T00:00:00Z",
            1200,
            0,
            "",
            List.of(
                new RunRecord.UnitRun(
                    "train", "train", "train/" + version, false, 1000, new TreeMap<>())),
            Yaml.parse("{steps: {train: {epochs: " + epochs + ", rule: sgd}}}"),
            new TreeMap<>());
    Path runFolder = Files.createDirectories(output.resolve("runs/" + id));
    Files.writeString(runFolder.resolve("run.json"), Json.pretty(run));
  }

  @Test
  void isTheLatestOfAnOutputFolder() {
    StoredRun run = StoredRun.open(STORAGE, output.toString());
    assertThat(run.run().id()).isEqualTo("20260102T000000Z-1");
    assertThat(run.records().get("train").metrics()).containsEntry("loss", 1.2);
  }

  @Test
  void isFoundByItsOwnFolderToo() {
    StoredRun run = StoredRun.open(STORAGE, output + "/runs/20260101T000000Z-1");
    assertThat(run.records().get("train").metrics()).containsEntry("loss", 1.5);
  }

  @Test
  void isNotWhereThereIsNone() {
    assertThatThrownBy(() -> StoredRun.open(STORAGE, output + "/train"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("holds no run. Name the output folder of a pipeline");
  }

  @Test
  void tellsItsLossInItsReportUpToTheLastWholeLine() {
    assertThat(Trainyard.run("report", output.toString())).isZero();
    assertThat(output.resolve("runs/20260102T000000Z-1/report.html"))
        .content()
        .contains("Loss of train", "3.5", "2.5");
  }

  @Nested
  class ComparedWithAnother {
    private Comparison comparison() {
      return new Comparison(
          StoredRun.open(STORAGE, output + "/runs/20260101T000000Z-1"),
          StoredRun.open(STORAGE, output.toString()));
    }

    @Test
    void showsTheSettingsThatDiffer() {
      assertThat(comparison().settings())
          .containsExactly(
              new String[] {"setting", "20260101T000000Z-1", "20260102T000000Z-1"},
              new String[] {"steps.train.epochs", "30", "20"});
    }

    @Test
    void showsTheFiguresThatDifferAndByHowMuch() {
      assertThat(comparison().figures().get(1))
          .containsExactly("train.loss", "1.500", "1.200", "-20.0 %");
    }
  }
}
