package org.trainyard.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.testing.FullDisk;
import org.trainyard.pipeline.testing.TestSpark;
import picocli.CommandLine;

@DisplayName("The command line")
class TrainyardTest {
  private static final String STEPS =
      "steps: {numbers: {use: test-numbers}, even: {use: test-divisible}, total: {use: test-sum}}\n";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void giveRoomAgain() {
    FullDisk.ROOM.set(Long.MAX_VALUE);
    FullDisk.readOnly = false;
  }

  private int trainyard(String... arguments) {
    TestSpark.session();
    CommandLine line = Trainyard.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return Trainyard.run(line, arguments);
  }

  private String pipeline(String text) throws IOException {
    return Files.writeString(folder.resolve("pipeline.yaml"), text).toString();
  }

  private String good() throws IOException {
    return pipeline("name: n\noutput: " + folder.resolve("out") + "\n" + STEPS);
  }

  private void saysOneLine(String... parts) {
    assertThat(err.toString().strip()).contains(parts).doesNotContain("\n").doesNotContain("\tat ");
  }

  @Nested
  class Ends {
    @Test
    void with0WhenDoneAndSaysWhenThereIsNothingToDo() throws IOException {
      assertThat(trainyard("run", good())).isZero();
      assertThat(out.toString()).containsPattern("total.sum +20").doesNotContain("Nothing to do");
      assertThat(trainyard("run", good())).isZero();
      assertThat(out.toString()).contains("Nothing to do: every step is there already.");
    }

    @Test
    void with2ForAWrongCommandLine() {
      assertThat(trainyard("run")).isEqualTo(2);
      assertThat(err.toString()).contains("Missing required parameter: 'PIPELINE'");
      assertThat(trainyard("rnu")).isEqualTo(2);
    }

    @Test
    void with3ForAnUnknownKey() throws IOException {
      assertThat(trainyard("run", good(), "--set", "even.bye=3")).isEqualTo(3);
      saysOneLine("pipeline.yaml: even.bye: unknown key, did you mean 'by'?");
    }

    @Test
    void with3ForAWrongType() throws IOException {
      assertThat(trainyard("run", good(), "--set", "even.by=two")).isEqualTo(3);
      saysOneLine("pipeline.yaml: even.by: must be a whole number, but is \"two\"");
    }

    @Test
    void with3ForAMissingColumn() throws IOException {
      assertThat(trainyard("run", good(), "--set", "even.column=numeral")).isEqualTo(3);
      saysOneLine("even: needs the column 'numeral'");
    }

    @Test
    void with3ForAReadOnlyOutput() throws IOException {
      FullDisk.readOnly = true;
      assertThat(trainyard("run", good(), "--set", "output=fulldisk://" + folder.resolve("out")))
          .isEqualTo(3);
      saysOneLine("output: cannot write to 'fulldisk://", "Read-only file system");
    }

    @Test
    void with4ForAMissingPipelineFile() {
      assertThat(trainyard("run", folder.resolve("none.yaml").toString())).isEqualTo(4);
      saysOneLine("no such pipeline file");
    }

    @Test
    void with4ForAMissingInput() throws IOException {
      assertThat(trainyard("run", good(), "--set", "numbers.paths=[/none]")).isEqualTo(4);
      saysOneLine("numbers.paths: no file matches '/none'");
    }

    @Test
    void with4ForAnEmptyInput() throws IOException {
      assertThat(trainyard("run", good(), "--set", "numbers.count=0")).isEqualTo(4);
      saysOneLine("no row is left, the input is empty");
    }

    @Test
    void with5ForAFullDiskAndGoesOnWhenThereIsRoom() throws IOException {
      String[] run = {"run", good(), "--set", "output=fulldisk://" + folder.resolve("out")};
      FullDisk.ROOM.set(2_000);
      assertThat(trainyard(run)).isEqualTo(5);
      saysOneLine("No space left on device");
      assertThat(records()).isZero();
      FullDisk.ROOM.set(Long.MAX_VALUE);
      assertThat(trainyard(run)).as(err.toString()).isZero();
      assertThat(records()).isEqualTo(3);
    }

    private long records() throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        return files.filter(file -> file.endsWith("record.json")).count();
      }
    }
  }

  @Nested
  class Explains {
    @Test
    void whatWouldRunAndWhy() throws IOException {
      assertThat(trainyard("explain", good())).isZero();
      assertThat(out.toString())
          .containsPattern("even +test-divisible +numbers.rows +rows +run")
          .contains("numbers adds number, id, licence")
          .contains("run");
    }

    @Test
    void whatWouldBeSkipped() throws IOException {
      trainyard("run", good());
      trainyard("explain", good(), "--set", "total.plus=1");
      assertThat(out.toString()).contains("skip (5 rows)");
    }

    @Test
    void whatTheWholeWouldCostFromASample() throws IOException {
      trainyard("explain", good(), "--sample", "0.5");
      assertThat(out.toString()).contains("No estimate: run the pipeline once");
      trainyard("run", good(), "--sample", "0.5");
      trainyard("explain", good(), "--sample", "0.5");
      assertThat(out.toString()).contains("Estimate: about");
    }
  }

  @Nested
  class Shows {
    @Test
    void everyTechniqueByKind() {
      assertThat(trainyard("list")).isZero();
      assertThat(out.toString()).contains("Stage", "test-divisible  Keeps the numbers");
    }

    @Test
    void theCardAndSettingsOfOne() {
      assertThat(trainyard("describe", "test-divisible")).isZero();
      assertThat(out.toString()).containsPattern("by +2 +The divisor");
    }

    @Test
    void theNearestNameOfAnUnknownOne() {
      assertThat(trainyard("describe", "test-divisble")).isEqualTo(3);
      saysOneLine("did you mean 'test-divisible'?");
    }

    @Test
    void theSchemaOfPipelineFiles() {
      assertThat(trainyard("schema")).isZero();
      assertThat(out.toString()).contains("\"$ref\" : \"#/$defs/test-divisible\"");
    }

    @Test
    void helpWithExamplesForEveryCommand() {
      for (CommandLine command : Trainyard.commandLine().getSubcommands().values()) {
        assertThat(command.getUsageMessage()).contains("Example");
      }
    }
  }
}
