package org.trainyard.evaluation.metric.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Information")
class InformationTest {

  @Test
  void aFairCoinForEveryBitOfAByteCostsEightBitsPerByte() {
    assertThat(Information.bitsPerByte(1000 * 8 * Math.log(2), 1000)).isEqualTo(8, within(1e-12));
  }

  @Test
  void isZeroWhereThereAreNoBytes() {
    assertThat(Information.bitsPerByte(0, 0)).isZero();
  }

  @Test
  void certaintyCostsNothingAndAnUnderflowedProbabilityCosts103Nats() {
    assertThat(Information.nats(1)).isZero();
    assertThat(Information.nats(0)).isEqualTo(103.28, within(0.01));
  }
}
