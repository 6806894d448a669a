package org.trainyard.evaluation.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.cli.Trainyard;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("Claims in a folder")
class ClaimsTest {
  private static final Storage STORAGE = PipelineOptions.storage();

  @TempDir Path folder;

  @BeforeEach
  void oneClaim() throws IOException {
    Files.createDirectories(folder.resolve("pipelines"));
    Files.writeString(
        folder.resolve("pipelines/sum.yaml"),
        """
        name: sum
        output: nowhere
        steps:
          numbers: {use: test-numbers, count: 12}
          total: {use: test-sum}
        """);
    Files.writeString(
        folder.resolve("adding.yaml"),
        """
        title: Adding five makes the sum larger
        paper: none
        promise: five is more than nothing
        pipeline: pipelines/sum.yaml
        arms:
          plain: {}
          plus: {total.plus: 5}
        tests:
          - {what: the sum, metric: total.sum, baseline: plain, treatment: plus, direction: higher, margin: 4}
        seeds: [1, 2, 3]
        budget: one setting for each arm
        """);
  }

  private ClaimFile adding() {
    return ClaimFile.read(STORAGE, folder.toString(), List.of("adding")).iterator().next();
  }

  private ClaimResult run() {
    ClaimFile found = adding();
    Trial trial = new PipelineTrial(TestSpark.session(), found.pipeline(), folder + "/runs/adding");
    return new Experiment(trial).run(found.name(), found.claim());
  }

  @Test
  void runWholePipelinesAndJudgeTheirMetrics() {
    ClaimResult result = run();
    assertThat(result.verdict()).isEqualTo(Verdict.SHOWN);
    assertThat(result.tests().get(0).baseline().values()).containsOnly(66.0);
    assertThat(result.tests().get(0).treatment().values()).containsOnly(71.0);
    assertThat(ClaimsCommand.table(List.of(result))).contains("adding", "the sum", "SHOWN");
  }

  @Test
  void makeStepsThatNoArmChangesOnlyOnce() throws IOException {
    run();
    try (Stream<Path> versions = Files.list(folder.resolve("runs/adding/numbers"))) {
      assertThat(versions).hasSize(1);
    }
  }

  @Test
  void areListedWithoutRunningOne() {
    assertThat(Trainyard.run("claims", "--list", "--folder", folder.toString()))
        .isEqualTo(Failure.OK);
  }

  @Nested
  class AreRefused {
    @Test
    void whenTheNameIsUnknown() {
      assertThatThrownBy(() -> ClaimFile.read(STORAGE, folder.toString(), List.of("ading")))
          .isInstanceOf(ConfigException.class)
          .hasMessage("claims: 'ading' is unknown, did you mean 'adding'?; there are [adding]");
    }

    @Test
    void whenTheFolderHoldsNone() {
      assertThatThrownBy(() -> ClaimFile.read(STORAGE, folder + "/pipelines/none", List.of()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("holds no claim");
    }

    @Test
    void withTheirFilesNameWhenAKeyIsWrong() throws IOException {
      Files.writeString(folder.resolve("adding.yaml"), "title: x\nseed: 3\n");
      assertThatThrownBy(() -> adding())
          .hasMessageContaining("adding.yaml")
          .hasMessageContaining("seed");
    }
  }
}
