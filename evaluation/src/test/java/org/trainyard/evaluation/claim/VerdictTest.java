package org.trainyard.evaluation.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.evaluation.claim.kernel.PairedBootstrap.Interval;

@DisplayName("A verdict")
class VerdictTest {
  private static final int SEEDS = 5;

  private static Interval from(double low, double high) {
    return new Interval((low + high) / 2, low, high);
  }

  @Nested
  class IsShown {
    @Test
    void whenTheWholeIntervalExceedsTheMargin() {
      assertThat(Verdict.of(from(0.02, 0.05), 0.01, SEEDS)).isEqualTo(Verdict.SHOWN);
    }

    @Test
    void alsoWhenADeterministicMetricHasNoVariance() {
      assertThat(Verdict.of(from(0.3, 0.3), 0.1, SEEDS)).isEqualTo(Verdict.SHOWN);
    }

    @Test
    void whenNothingGetsWorseThanANegativeMarginAllows() {
      assertThat(Verdict.of(from(-0.002, 0.004), -0.005, SEEDS)).isEqualTo(Verdict.SHOWN);
    }
  }

  @Nested
  class IsNotShown {
    @Test
    void whenTheWholeIntervalStaysBelowTheMargin() {
      assertThat(Verdict.of(from(-0.02, 0.005), 0.01, SEEDS)).isEqualTo(Verdict.NOT_SHOWN);
    }

    @Test
    void whenTheTechniqueChangesNothing() {
      assertThat(Verdict.of(from(0, 0), 0, SEEDS)).isEqualTo(Verdict.NOT_SHOWN);
    }
  }

  @Nested
  class IsInconclusive {
    @Test
    void whenTheIntervalHoldsTheMargin() {
      assertThat(Verdict.of(from(-0.01, 0.05), 0.01, SEEDS)).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void ratherThanShownWithFewerThanThreeSeeds() {
      assertThat(Verdict.of(from(0.02, 0.05), 0.01, 2)).isEqualTo(Verdict.INCONCLUSIVE);
    }
  }

  @Test
  void ofSeveralTestsIsTheWorst() {
    assertThat(Verdict.ofAll(List.of(Verdict.SHOWN, Verdict.SHOWN))).isEqualTo(Verdict.SHOWN);
    assertThat(Verdict.ofAll(List.of(Verdict.SHOWN, Verdict.INCONCLUSIVE)))
        .isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(Verdict.ofAll(List.of(Verdict.INCONCLUSIVE, Verdict.NOT_SHOWN)))
        .isEqualTo(Verdict.NOT_SHOWN);
  }
}
