package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.run.Graph;

@DisplayName("Every pipeline of conf/")
class ConfTest {

  static List<Path> pipelines() throws IOException {
    try (Stream<Path> files = Files.walk(Modules.ROOT.resolve("conf"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.getParent().endsWith("claims"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void bindsAndConnects(Path file) throws IOException {
    String text = Files.readString(file);
    assertThatCode(() -> Graph.of(PipelineFile.parse(text, Map.of()))).doesNotThrowAnyException();
  }
}
