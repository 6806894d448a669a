package org.trainyard.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A pipeline file")
class PipelineFileTest {
  private static final String FILE =
      """
      name: n
      output: out
      steps:
        read: {paths: [a]}
        train:
          rule: adamw
      """;

  @Nested
  class IsOverridden {
    private PipelineFile with(String key, String value) {
      return PipelineFile.parse(FILE, Map.of(key, value));
    }

    @Test
    void atTheTop() {
      assertThat(with("seed", "9").seed()).isEqualTo(9);
      assertThat(with("output", "hdfs:///x").output()).isEqualTo("hdfs:///x");
    }

    @Test
    void inAStep() {
      assertThat(with("train.epochs", "2").steps().get("train").get("epochs").asInt()).isEqualTo(2);
      assertThat(with("read.paths", "[b, c]").steps().get("read").get("paths")).hasSize(2);
    }

    @Test
    void insideAChosenTechnique() {
      assertThat(
              with("train.rule.adamw.learning-rate", "0.1")
                  .steps()
                  .get("train")
                  .at("/rule/adamw/learning-rate")
                  .asDouble())
          .isEqualTo(0.1);
    }
  }

  @Nested
  class IsRefused {
    private void refused(String text, Map<String, String> overrides, String message) {
      assertThatThrownBy(() -> PipelineFile.parse(text, overrides))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(message);
    }

    @Test
    void ifItIsNotYaml() {
      refused("name: [", Map.of(), "line ");
    }

    @Test
    void ifAKeyStandsTwice() {
      refused("name: a\nname: b\n", Map.of(), "Duplicate field 'name'");
    }

    @Test
    void ifATopKeyIsUnknown() {
      refused(FILE + "sede: 1\n", Map.of(), "sede: unknown key, did you mean 'seed'?");
    }

    @Test
    void ifItHasNoSteps() {
      refused("name: n\noutput: o\n", Map.of(), "steps: must be a block");
    }

    @Test
    void ifAnOverrideNamesNoStep() {
      refused(FILE, Map.of("tran.epochs", "1"), "no such step to set; steps are [read, train]");
    }

    @Test
    void ifAStepIdIsNotLowerCase() {
      refused("name: n\noutput: o\nsteps: {Read: {}}\n", Map.of(), "Read: a step's id must be");
    }

    @Test
    void ifTheNameIsMissing() {
      refused("output: o\nsteps: {read: {}}\n", Map.of(), "name: is missing");
    }
  }
}
