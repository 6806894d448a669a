package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The cost of batches without planning")
class NaiveBatchesTest {

  @Test
  void isNothingWhereAllLengthsAreEqual() {
    NaiveBatches.Cost cost =
        NaiveBatches.cost(Lengths.sizes(4, 4, 4, 4), new BatchLimits(8, 0, 1), 1);

    assertThat(cost.paddingShare()).isZero();
    assertThat(cost.batches()).isEqualTo(2);
  }

  @Test
  void isThatOfTheSameExamplesInRandomOrder() {
    int[] lengths = Lengths.logNormal(40_000, 2);
    BatchLimits limits = new BatchLimits(16_384, 0, 1);
    Examples examples = Lengths.examples(lengths);
    Plan plan = new Plan(lengths.length);
    GreedyFill.fill(examples, limits, plan);
    double real = java.util.Arrays.stream(lengths).asLongStream().sum();

    NaiveBatches.Cost cost = NaiveBatches.cost(Lengths.sizes(lengths), limits, 9);

    assertThat(cost.realUnits()).isEqualTo(real);
    assertThat(cost.paddingShare())
        .isCloseTo(1 - real / plan.paddedUnits(), Offset.offset(0.01))
        .isGreaterThan(0.6);
  }

  @Test
  void isScaledUpFromDrawsWhereThereAreMany() {
    Sizes few = new Sizes(new int[] {1, 9}, new int[2], new long[] {300_000, 300_000}, 600_000);
    Sizes many =
        new Sizes(new int[] {1, 9}, new int[2], new long[] {300_000_000, 300_000_000}, 600_000_000);
    BatchLimits limits = new BatchLimits(20, 0, 1);

    NaiveBatches.Cost small = NaiveBatches.cost(few, limits, 1);
    NaiveBatches.Cost large = NaiveBatches.cost(many, limits, 1);

    assertThat(large.paddingShare()).isCloseTo(small.paddingShare(), Offset.offset(0.003));
    assertThat(large.batches() / small.batches()).isCloseTo(1000, Offset.offset(10.0));
  }
}
