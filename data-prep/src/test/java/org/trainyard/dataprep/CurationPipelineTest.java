package org.trainyard.dataprep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("A curation pipeline")
class CurationPipelineTest {
  private static final String STEPS =
      """
      documents: {use: read-documents, paths: ['%1$s/*'], licence: CC0-1.0, max-rejects: 0.2}
      unique: {use: exact-dedup, salts: 2}
      prose: {use: gopher-quality, min-words: 3, stop-words: 0}
      parts: {use: split, held-out: 0.3}
      paragraphs: {from: parts.train}
      """;

  @TempDir Path folder;
  private Path input;

  @BeforeEach
  void writeInput() throws IOException {
    input = Files.createDirectory(folder.resolve("input"));
    StringBuilder lines = new StringBuilder("not json\n");
    for (int i = 0; i < 20; i++) {
      lines.append("{\"text\": \"These are words of story ").append(i % 18).append("\"}\n");
    }
    Files.writeString(input.resolve("a.jsonl"), lines + "{\"text\": \"short\"}\n");
    Files.writeString(
        input.resolve("b.txt"), "A first paragraph is here.\n\nAnd another one is there.");
  }

  private Runner.Result run() {
    String steps = STEPS.formatted(input).indent(2);
    String file =
        "name: n\noutput: %s\nseed: 3\nsteps:\n%s".formatted(folder.resolve("output"), steps);
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    return new Runner(TestSpark.session(), new Progress(nowhere, false))
        .run(Graph.of(PipelineFile.parse(file, Map.of())), Sampling.ALL);
  }

  @Test
  void keepsAndRejectsSoThatRowsAddUp() {
    Map<String, StepRecord> records = run().records();
    assertThat(records.get("documents").rows().rejected())
        .isEqualTo(Map.of("documents.broken-json", 1L));
    StepRecord prose = records.get("prose");
    assertThat(prose.rows().rejected())
        .isEqualTo(Map.of("unique.exact-duplicate", 2L, "prose.gopher-too-short", 1L));
    assertThat(prose.rows().out()).isEqualTo(19);
    assertThat(prose.licences()).isEqualTo(Map.of("CC0-1.0", 19L));
    StepRecord parts = records.get("parts");
    assertThat(parts.output("train").rows() + parts.output("held-out").rows()).isEqualTo(19);
    assertThat(records.get("paragraphs").rows().out())
        .isGreaterThanOrEqualTo(parts.output("train").rows());
  }

  @Test
  void endsWithOneLineForAFaultyFile() throws IOException {
    Files.writeString(input.resolve("c.jsonl.gz"), "no gzip");
    Failure failure = Failure.of(catchThrowable(this::run));
    assertThat(failure.exit()).isEqualTo(Failure.DATA);
    assertThat(failure.line())
        .isEqualTo(
            "file:%s/c.jsonl.gz: is damaged or was cut off: no gzip header where one should be. Copy it again, or leave it out of paths."
                .formatted(input));
  }

  @Test
  void isWrittenInTheGuideAsItWorks() throws IOException {
    String guide = Files.readString(Path.of("../docs/curate.md"));
    String block = guide.substring(guide.indexOf("```yaml") + 7);
    PipelineFile file = PipelineFile.parse(block.substring(0, block.indexOf("```")), Map.of());
    assertThat(Graph.of(file).steps()).hasSize(7);
    assertThat(guide.lines()).allMatch(line -> line.length() <= 160);
  }
}
