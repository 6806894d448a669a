package org.trainyard.pipeline.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;

@DisplayName("Settings")
class SettingsTest {

  enum Taste {
    SWEET,
    VERY_SOUR
  }

  record Inner(@Setting(help = "Depth.", standard = "3") int depth) {
    Inner {
      Check.require(depth != 13, "depth", "must not be 13; use 12 or 14");
    }
  }

  record Sample(
      @Setting(help = "A name.") String name,
      @Setting(help = "A count.", standard = "5", min = 1, max = 9) int minWords,
      @Setting(help = "A share.", standard = "0.5") double share,
      @Setting(help = "On.", standard = "true") boolean on,
      @Setting(help = "Taste.", standard = "very-sour") Taste taste,
      @Setting(help = "Paths.", standard = "[a, b]") List<String> paths,
      @Setting(help = "Numbers.", standard = "{x: 1}") Map<String, Long> numbers,
      @Setting(help = "Inner.", standard = "{}") Inner inner,
      @Setting(help = "Stage.", standard = "test-divisible", technique = StageTechnique.class)
          Choice<Stage> stage,
      @Setting(help = "Seed.") long seed) {}

  private static Settings.Bound<Sample> bind(String yaml) {
    return Settings.bind((ObjectNode) Yaml.parse(yaml), Sample.class, "step", 42);
  }

  @Nested
  class TakesDefaults {
    @Test
    void forEveryKeyThatIsNotWritten() {
      Sample sample = bind("{name: n}").value();
      assertThat(sample.minWords()).isEqualTo(5);
      assertThat(sample.share()).isEqualTo(0.5);
      assertThat(sample.on()).isTrue();
      assertThat(sample.taste()).isEqualTo(Taste.VERY_SOUR);
      assertThat(sample.paths()).containsExactly("a", "b");
      assertThat(sample.numbers()).containsEntry("x", 1L);
      assertThat(sample.inner().depth()).isEqualTo(3);
    }

    @Test
    void ofTheSeedFromThePipeline() {
      assertThat(bind("{name: n}").value().seed()).isEqualTo(42);
      assertThat(bind("{name: n, seed: 7}").value().seed()).isEqualTo(7);
    }

    @Test
    void andShowsThemInTheEffectiveBlock() {
      ObjectNode effective = bind("{name: n, stage: {test-divisible: {by: 3}}}").effective();
      assertThat(effective.at("/inner/depth").asInt()).isEqualTo(3);
      assertThat(effective.at("/stage/test-divisible/by").asInt()).isEqualTo(3);
      assertThat(effective.at("/stage/test-divisible/column").asText()).isEqualTo("number");
    }
  }

  @Nested
  class Refuses {
    private void refused(String yaml, String message) {
      assertThatThrownBy(() -> bind(yaml))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(message);
    }

    @Test
    void anUnknownKeyAndNamesTheNearest() {
      refused("{name: n, min-wrods: 3}", "step.min-wrods: unknown key, did you mean 'min-words'?");
    }

    @Test
    void aMissingKeyAndSaysWhatItIs() {
      refused("{}", "step.name: is missing; it is: A name.");
    }

    @Test
    void aWrongType() {
      refused(
          "{name: n, min-words: many}", "step.min-words: must be a whole number, but is \"many\"");
      refused("{name: n, min-words: 2.5}", "step.min-words: must be a whole number, but is 2.5");
      refused("{name: n, on: 1}", "step.on: must be true or false, but is 1");
      refused("{name: [n]}", "step.name: must be text");
      refused("{name: n, taste: bitter}", "must be one of [sweet, very-sour]");
    }

    @Test
    void aNumberOutOfRange() {
      refused("{name: n, min-words: 0}", "step.min-words: must be at least 1, but is 0");
      refused("{name: n, min-words: 10}", "step.min-words: must be at most 9, but is 10");
    }

    @Test
    void whatARecordRefusesWithTheWholePath() {
      refused("{name: n, inner: {depth: 13}}", "step.inner.depth: must not be 13; use 12 or 14");
    }

    @Test
    void anUnknownTechniqueAndListsTheRightOnes() {
      refused("{name: n, stage: test-divisble}", "choose one of [test-divisible]");
    }

    @Test
    void aWrongSettingOfAChosenTechnique() {
      refused(
          "{name: n, stage: {test-divisible: {by: 0}}}",
          "step.stage.test-divisible.by: must be at least 1, but is 0");
    }
  }

  @Test
  void aChoiceMakesWhatItStandsFor() {
    Stage stage = bind("{name: n, stage: {test-divisible: {by: 3}}}").value().stage().create();
    assertThat(stage.columns().needs().fieldNames()).containsExactly("number");
  }
}
