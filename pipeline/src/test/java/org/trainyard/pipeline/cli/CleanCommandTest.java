package org.trainyard.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.testing.TestSpark;
import picocli.CommandLine;

@DisplayName("Cleaning an output folder")
class CleanCommandTest {
  @TempDir static Path once;
  @TempDir Path folder;
  private Path output;
  private String pipeline;

  @BeforeAll
  static void runTwiceWithAChangedSetting() throws IOException {
    String pipeline = pipeline(once);
    assertThat(trainyard("run", pipeline)).contains("total.sum");
    assertThat(trainyard("run", pipeline, "--set", "even.by=3")).contains("total.sum");
  }

  @BeforeEach
  void copyWhatTheyMade() throws IOException {
    output = folder.resolve("out");
    pipeline = pipeline(folder);
    FileUtils.copyDirectory(once.resolve("out").toFile(), output.toFile());
  }

  private static String pipeline(Path in) throws IOException {
    return Files.writeString(
            in.resolve("pipeline.yaml"),
            """
            name: n
            output: %s
            steps:
              numbers: {use: test-numbers, count: 12}
              all: {use: test-sum, from: numbers}
              even: {use: test-divisible, from: numbers, by: 2}
              total: {use: test-sum}
            """
                .formatted(in.resolve("out")))
        .toString();
  }

  private static String trainyard(String... arguments) {
    TestSpark.session();
    StringWriter out = new StringWriter();
    CommandLine line = Trainyard.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    Trainyard.run(line, arguments);
    return out.toString();
  }

  private List<String> versions(String step) {
    return children(output.resolve(step));
  }

  private static List<String> children(Path of) {
    try (Stream<Path> found = Files.list(of)) {
      return found.map(child -> child.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tellsWhatWouldGoAndTouchesNothing() {
    String said = trainyard("clean", output.toString());
    assertThat(said)
        .containsPattern("even/[0-9a-f]{16} +another version is in use")
        .containsPattern("total/[0-9a-f]{16} +another version is in use")
        .doesNotContainPattern("(numbers|all)/")
        .contains("Nothing is deleted yet");
    assertThat(versions("even")).hasSize(2);
  }

  @Test
  void leavesWhatTheLatestRunUses() {
    assertThat(trainyard("clean", output.toString(), "--yes")).contains("Deleted: ");
    assertThat(versions("even")).hasSize(1);
    assertThat(versions("total")).hasSize(1);
    assertThat(trainyard("run", pipeline, "--set", "even.by=3")).contains("Nothing to do");
    assertThat(trainyard("clean", output.toString(), "--yes")).contains("Nothing is left over");
    assertThat(trainyard("run", pipeline)).contains("total.sum").doesNotContain("Nothing to do");
  }

  @Test
  void leavesAnEarlierVersionThatTheLatestRunCameBackTo() {
    trainyard("run", pipeline);
    trainyard("clean", output.toString(), "--yes");
    assertThat(trainyard("run", pipeline)).contains("Nothing to do");
  }

  @Test
  void takesWhatKilledRunsLeftButNotTheirCheckpoints() throws IOException {
    Path unfinished = output.resolve("total/0123456789abcdef");
    Files.createDirectories(unfinished.resolve("attempt-killed/rows"));
    Files.createDirectories(unfinished.resolve("checkpoint/rounds"));
    Path made = output.resolve("all").resolve(versions("all").get(0));
    Files.createDirectories(made.resolve("checkpoint"));
    Files.createDirectories(made.resolve("attempt-beaten"));
    Files.writeString(made.resolve(".draft-1-record.json"), "{");
    trainyard("clean", output.toString(), "--yes");
    assertThat(children(unfinished)).containsExactly("checkpoint");
    assertThat(children(made)).hasSize(2).contains("record.json").doesNotContain("attempt-beaten");
    assertThat(trainyard("run", pipeline, "--set", "even.by=3")).contains("Nothing to do");
  }

  @Test
  void waitsForRunsThatHaveNotEnded() throws IOException {
    Files.createDirectories(output.resolve("runs/20260101T000000Z-1"));
    assertThat(trainyard("clean", output.toString(), "--yes"))
        .contains("these runs have not ended: [20260101T000000Z-1]")
        .contains("--killed 20260101T000000Z-1");
    assertThat(versions("even")).hasSize(2);
    trainyard("clean", output.toString(), "--yes", "--killed", "20260101T000000Z-1");
    assertThat(versions("even")).hasSize(1);
  }
}
