package org.trainyard.training.dl4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Softmax with cross-entropy")
class SoftmaxCrossEntropyTest {
  private static final float[] NO_BIAS = {0, 0, 0};
  private final SoftmaxCrossEntropy softmax = new SoftmaxCrossEntropy(3);

  @Test
  void givesTheLossInNats() {
    assertThat(softmax.loss(new float[] {5, 5, 5}, NO_BIAS, 1))
        .isCloseTo(Math.log(3), within(1e-7));
    assertThat(softmax.loss(new float[] {0, 0, 0}, new float[] {1, 2, 3}, 0))
        .isCloseTo(Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 1, within(1e-6));
  }

  @Test
  void givesProbabilityMinusTargetTimesTheWeight() {
    float[] logits = {1, 2, 3};
    double loss = softmax.lossAndGradient(logits, NO_BIAS, 2, 0.5f);
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    assertThat(loss).isCloseTo(Math.log(sum) - 3, within(1e-6));
    assertThat(logits[0]).isCloseTo((float) (0.5 * Math.exp(1) / sum), within(1e-7f));
    assertThat(logits[2]).isCloseTo((float) (0.5 * (Math.exp(3) / sum - 1)), within(1e-7f));
  }

  @Test
  void standsLogitsOfAnySize() {
    assertThat(softmax.loss(new float[] {3e4f, -3e4f, 0}, NO_BIAS, 0)).isEqualTo(0);
    assertThat(softmax.loss(new float[] {3e4f, -3e4f, 0}, NO_BIAS, 2)).isEqualTo(3e4);
  }

  @Test
  void isNaNWhenALogitIs() {
    assertThat(softmax.loss(new float[] {0, Float.NaN, 0}, NO_BIAS, 0)).isNaN();
  }

  @Test
  void takesTheFirstOfEqualOnesAsTheLargest() {
    assertThat(SoftmaxCrossEntropy.argmax(new float[] {1, 3, 3}, 3)).isEqualTo(1);
  }
}
