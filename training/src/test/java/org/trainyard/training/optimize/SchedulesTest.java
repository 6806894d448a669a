package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;

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

  @Test
  void constantCanWarmUp() {
    Schedule constant = schedule("constant: {warm-up: 0.2, start-factor: 0}");
    assertThat(constant.factor(10, 100)).isCloseTo(0.5, within(1e-12));
    assertThat(constant.factor(20, 100)).isEqualTo(1);
    assertThat(constant.factor(100, 100)).isEqualTo(1);
  }

  @Test
  void linearFallsInAStraightLine() {
    Schedule linear = schedule("linear: {warm-up: 0.1, final-factor: 0.2}");
    assertThat(linear.factor(100, 1000)).isEqualTo(1);
    assertThat(linear.factor(550, 1000)).isCloseTo(0.6, within(1e-12));
    assertThat(linear.factor(1000, 1000)).isCloseTo(0.2, within(1e-12));
    assertThat(linear.factor(2000, 1000)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void polynomialFallsAsAPowerOfWhatIsLeft() {
    Schedule square = schedule("polynomial: {power: 2, warm-up: 0}");
    assertThat(square.factor(250, 1000)).isCloseTo(0.5625, within(1e-12));
    assertThat(square.factor(1000, 1000)).isEqualTo(0);
    Schedule first = schedule("polynomial: {power: 1, warm-up: 0.1, final-factor: 0.2}");
    Schedule linear = schedule("linear: {warm-up: 0.1, final-factor: 0.2}");
    assertThat(first.factor(700, 1000)).isCloseTo(linear.factor(700, 1000), within(1e-12));
  }

  @Test
  void stepFallsAtEachPoint() {
    Schedule step = schedule("step: {at: [0.75, 0.5], factor: 0.1}");
    assertThat(step.factor(499, 1000)).isEqualTo(1);
    assertThat(step.factor(500, 1000)).isCloseTo(0.1, within(1e-12));
    assertThat(step.factor(1000, 1000)).isCloseTo(0.01, within(1e-12));
    assertThatThrownBy(() -> schedule("step: {at: [30]}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("shares of the run");
  }

  @Test
  void growWithTheBatchAsAsked() {
    Schedule constant = schedule("constant: {}");
    assertThat(RateScaling.NONE.of(constant, 512, 0).factor(5, 10)).isEqualTo(1);
    assertThat(RateScaling.LINEAR.of(constant, 512, 32).factor(5, 10)).isEqualTo(16);
    assertThat(RateScaling.SQUARE_ROOT.of(constant, 512, 32).factor(5, 10)).isEqualTo(4);
  }

  private static Schedule schedule(String yaml) {
    return UpdateRulesTest.made(ScheduleTechnique.class, yaml);
  }
}
