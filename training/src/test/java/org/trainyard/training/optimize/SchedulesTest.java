package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Techniques;

@DisplayName("Schedules")
class SchedulesTest {
  @Test
  void constantStaysAtOne() {
    Schedule constant = schedule("constant: {}");
    assertThat(constant.factor(0, 10)).isEqualTo(1);
    assertThat(constant.factor(10, 10)).isEqualTo(1);
  }

  @Nested
  class Cosine {
    private final Schedule cosine =
        schedule("cosine: {warm-up: 0.1, start-factor: 0, final-factor: 0.2}");

    @Test
    void risesInAStraightLine() {
      assertThat(cosine.factor(0, 1000)).isEqualTo(0);
      assertThat(cosine.factor(50, 1000)).isCloseTo(0.5, within(1e-12));
      assertThat(cosine.factor(100, 1000)).isEqualTo(1);
    }

    @Test
    void isHalfWayDownInTheMiddle() {
      assertThat(cosine.factor(550, 1000)).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void endsAtTheFinalFactorAndStaysThere() {
      assertThat(cosine.factor(1000, 1000)).isCloseTo(0.2, within(1e-12));
      assertThat(cosine.factor(5000, 1000)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void neverRisesAfterTheWarmUp() {
      for (long seen = 100; seen < 1000; seen++) {
        assertThat(cosine.factor(seen + 1, 1000)).isLessThanOrEqualTo(cosine.factor(seen, 1000));
      }
    }

    @Test
    void takesTheWarmUpInUnitsToo() {
      Schedule units = schedule("cosine: {warm-up-units: 40, start-factor: 0}");
      assertThat(units.factor(10, 1000)).isCloseTo(0.25, within(1e-12));
      assertThat(units.factor(40, 1000)).isEqualTo(1);
    }

    @Test
    void refusesSettingsThatLeaveNoRate() {
      assertThatThrownBy(() -> schedule("cosine: {warm-up: 1, final-factor: 0}"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("warm-up");
    }
  }

  private static Schedule schedule(String yaml) {
    ObjectNode block = (ObjectNode) Yaml.parse(yaml);
    String name = block.fieldNames().next();
    ScheduleTechnique<?> technique = Techniques.of(ScheduleTechnique.class).named(name, "schedule");
    return Techniques.create(technique, (ObjectNode) block.get(name), "schedule." + name);
  }
}
