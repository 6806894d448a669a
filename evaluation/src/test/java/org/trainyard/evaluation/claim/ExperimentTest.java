package org.trainyard.evaluation.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Settings;

@DisplayName("A claim")
class ExperimentTest {
  private static final String YAML =
      """
      title: Averaging lowers the loss
      paper: 117, Stop Wasting My Time (arXiv 2209.14981)
      promise: the mean of the latest weights is better than the last
      pipeline: pipelines/averaging.yaml
      arms:
        last: {}
        averaged: {train.selector: latest-average}
      tests:
        - what: held-out loss
          metric: evaluate.loss_nats
          baseline: last
          treatment: averaged
          direction: lower
          margin: 0.05
      seeds: [1, 2, 3]
      time-limit-minutes: 1
      budget: one setting for each arm
      """;

  private static Claim claim(String yaml) {
    return Settings.bind((ObjectNode) Yaml.parse(yaml), Claim.class, "").value();
  }

  /** Averaging lowers the loss by a tenth, give or take a seed. */
  private static Map<String, Double> lowersByATenth(Map<String, String> overrides, long seed) {
    double loss = 2 + 0.3 * seed - (overrides.isEmpty() ? 0 : 0.1 + 0.01 * seed);
    return Map.of("evaluate.loss_nats", loss);
  }

  @Test
  void runsEveryArmOnceForEverySeedAndPairsBySeed() {
    List<String> runs = new ArrayList<>();
    ClaimResult result =
        new Experiment(
                (overrides, seed) -> {
                  runs.add(seed + " " + overrides);
                  return lowersByATenth(overrides, seed);
                })
            .run("averaging", claim(YAML));
    assertThat(runs)
        .containsExactly(
            "1 {train.selector=latest-average}", "1 {}",
            "2 {train.selector=latest-average}", "2 {}",
            "3 {train.selector=latest-average}", "3 {}");
    assertThat(result.verdict()).isEqualTo(Verdict.SHOWN);
    assertThat(result.tests().get(0).improvement())
        .isCloseTo(0.12, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void isStoredAndReadBackUnchanged() {
    ClaimResult result =
        new Experiment(ExperimentTest::lowersByATenth).run("averaging", claim(YAML));
    assertThat(Json.read(Json.pretty(result), ClaimResult.class)).isEqualTo(result);
  }

  @Nested
  class WhenItsTimeIsUp {
    @Test
    void startsNoFurtherRunAndKeepsWholePairs() {
      AtomicLong clock = new AtomicLong();
      Trial slow =
          (overrides, seed) -> {
            clock.addAndGet(25_000_000_000L);
            return lowersByATenth(overrides, seed);
          };
      ClaimResult result = new Experiment(slow, clock::get).run("averaging", claim(YAML));
      assertThat(result.tests().get(0).baseline()).containsOnlyKeys(1L);
      assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
      assertThat(result.notes())
          .containsExactly("time limit of 1.0 minutes reached after 1 of 3 seeds");
    }
  }

  @Nested
  class IsRefused {
    @Test
    void whenATestNamesAnUnknownArm() {
      assertThatThrownBy(() -> claim(YAML.replace("treatment: averaged", "treatment: mean")))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("tests.0: 'mean' is not an arm");
    }

    @Test
    void whenAMetricNamesNoStep() {
      assertThatThrownBy(() -> claim(YAML.replace("evaluate.loss_nats", "loss")))
          .hasMessageStartingWith("tests.0.metric: must be <step>.<metric>");
    }

    @Test
    void whenTheRunLacksTheMetric() {
      Experiment experiment = new Experiment((overrides, seed) -> Map.of("train.loss", 1.0));
      assertThatThrownBy(() -> experiment.run("averaging", claim(YAML)))
          .hasMessageContaining("no metric 'evaluate.loss_nats'; it has [train.loss]");
    }
  }
}
