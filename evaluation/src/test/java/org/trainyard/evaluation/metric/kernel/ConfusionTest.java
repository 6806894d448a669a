package org.trainyard.evaluation.metric.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.evaluation.metric.kernel.Confusion.Pair;

@DisplayName("Confusion counts")
class ConfusionTest {
  /** Truth 0 0 0 1 1 2, taken for 0 0 1 1 1 0. */
  private static final Confusion SIX =
      Confusion.of(
          List.of(
              new Pair(0, 0),
              new Pair(0, 0),
              new Pair(0, 1),
              new Pair(1, 1),
              new Pair(1, 1),
              new Pair(2, 0)));

  @Test
  void accuracyIsTheShareOnTheDiagonal() {
    assertThat(SIX.accuracy()).isEqualTo(4.0 / 6, within(1e-12));
  }

  @Test
  void macroF1CountsEveryClassAlike() {
    assertThat(SIX.macroF1()).isEqualTo((2.0 / 3 + 0.8 + 0) / 3, within(1e-12));
  }

  @Test
  void aClassKnowsPrecisionAndRecall() {
    Confusion.ClassCounts one = SIX.classes().get(1);
    assertThat(one.precision()).isEqualTo(2.0 / 3, within(1e-12));
    assertThat(one.recall()).isEqualTo(1);
  }

  @Test
  void aClassThatIsOnlyEverPredictedCountsToo() {
    Confusion confusion = Confusion.of(List.of(new Pair(0, 5)));
    assertThat(confusion.classes()).extracting(Confusion.ClassCounts::label).containsExactly(0, 5);
    assertThat(confusion.macroF1()).isZero();
  }

  @Test
  void nothingCountedIsAllZero() {
    Confusion none = Confusion.of(List.of());
    assertThat(none.accuracy()).isZero();
    assertThat(none.macroF1()).isZero();
  }
}
