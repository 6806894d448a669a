package org.trainyard.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What people read")
class TextTableTest {

  @Test
  void hasNumbersToTheRightAndWordsToTheLeft() {
    List<String[]> rows =
        List.of(
            new String[] {"step", "rows"},
            new String[] {"read", "1,234"},
            new String[] {"deduplicate", "9"});
    assertThat(TextTable.render(rows))
        .isEqualTo(
            """
            step          rows
            read         1,234
            deduplicate      9
            """);
  }

  @Test
  void showsFourDigitsOfAFigure() {
    assertThat(Summary.number(3)).isEqualTo("3");
    assertThat(Summary.number(1234567)).isEqualTo("1,234,567");
    assertThat(Summary.number(2.34567)).isEqualTo("2.346");
    assertThat(Summary.number(0.0234567)).isEqualTo("0.02346");
    assertThat(Summary.number(1234.5)).isEqualTo("1,235");
  }

  @Test
  void tellsRateAndTimeLeft() {
    assertThat(Progress.line("rounds", 50, 200, "loss 2.31", 10))
        .isEqualTo("50 of 200 rounds, 5.0 a second, 30.0 s left, loss 2.31");
    assertThat(Progress.line("rows", 50, 0, "", 10)).isEqualTo("50 rows, 5.0 a second");
    assertThat(Progress.duration(200)).isEqualTo("3 min 20 s");
  }
}
