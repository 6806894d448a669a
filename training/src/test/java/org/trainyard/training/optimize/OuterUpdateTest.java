package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

@DisplayName("A rule over rounds")
class OuterUpdateTest {
  private static final Layout LAYOUT =
      new Layout(
          List.of(
              new Slice("w", 0, new int[] {2}, Slice.Kind.WEIGHT, "all"),
              new Slice("mean", 2, new int[] {1}, Slice.Kind.RUNNING_STATISTIC, "all")));

  private static OuterRule rule(String name, String settings) {
    return new OuterUpdate()
        .create(
            new OuterUpdate.Settings(
                new Choice<>(UpdateRuleTechnique.class.getName(), name, settings)));
  }

  @Test
  void descendsAgainstTheMeanChangeWithNesterovMomentum() {
    OuterRule outer =
        rule("momentum", "{\"learning-rate\": 0.7, \"momentum\": 0.9, \"nesterov\": true}");
    List<Parameters> state = outer.freshState(LAYOUT);
    Parameters parameters = Parameters.of(new float[] {1, 2}, new float[] {5});
    double velocity = 0;
    double expected = 1;
    double[] changes = {0.5, -0.1, 0.3};
    for (int round = 0; round < changes.length; round++) {
      Parameters change =
          Parameters.of(new float[] {(float) changes[round], 0}, new float[] {0.25f});
      outer.step(LAYOUT, parameters, change, state, round + 1);
      velocity = 0.9 * velocity - changes[round];
      expected -= 0.7 * (-changes[round] + 0.9 * velocity);
    }

    assertThat(parameters.slice(0)[0]).isCloseTo((float) expected, within(1e-6f));
    assertThat(parameters.slice(0)[1]).isEqualTo(2);
  }

  @Test
  void takesTheMeanOfRunningStatisticsAsItIs() {
    Parameters parameters = Parameters.of(new float[] {1, 2}, new float[] {5});
    OuterRule outer = rule("sgd", "{\"learning-rate\": 0.1}");

    outer.step(
        LAYOUT, parameters, Parameters.of(new float[] {1, 1}, new float[] {0.25f}), List.of(), 1);

    assertThat(parameters).isEqualTo(Parameters.of(new float[] {1.1f, 2.1f}, new float[] {5.25f}));
  }
}
