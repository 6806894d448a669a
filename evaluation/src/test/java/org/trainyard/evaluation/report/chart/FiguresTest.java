package org.trainyard.evaluation.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Figures")
class FiguresTest {

  @Test
  void haveThreeSignificantDigits() {
    assertThat(List.of(0.0, 0.01234, 2.3, 42.0, 999.6, 12_345.0, 8_367_141.0, 0.00001))
        .map(Figures::compact)
        .containsExactly("0", "0.0123", "2.3", "42", "1 k", "12.3 k", "8.37 M", "1.0e-05");
  }

  @Test
  void showSharesAsPercent() {
    assertThat(List.of(0.0, 0.0123, 1.0))
        .map(Figures::percent)
        .containsExactly("0\u202F%", "1.2\u202F%", "100\u202F%");
  }

  @Test
  void showTimesInTheUnitThatFits() {
    assertThat(List.of(0.81, 42.4, 185.0, 7810.0))
        .map(Figures::time)
        .containsExactly("0.8 s", "42 s", "3 min 05 s", "2 h 10 min");
  }

  @Test
  void ticksOfAScaleAreRoundAndInside() {
    assertThat(new Scale(3.6, 8.1).ticks(5)).containsExactly(4.0, 5.0, 6.0, 7.0, 8.0);
    assertThat(Scale.of(2, 2).ticks(4)).contains(2.0);
    assertThat(new Scale(3.6, 8.1).rounded(5)).isEqualTo(new Scale(3, 9));
  }
}
