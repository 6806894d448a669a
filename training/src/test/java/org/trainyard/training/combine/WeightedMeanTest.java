package org.trainyard.training.combine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.training.engine.Parameters;

@DisplayName("The weighted mean")
class WeightedMeanTest {
  private final Combiner mean = new WeightedMean().create(new WeightedMean.Settings());

  private static Contribution value(int shard, double weight, float... values) {
    return new Contribution(
        shard, weight, Contribution.Form.VALUE, Parameters.of(values, new float[] {shard}));
  }

  private static Contribution sum(int shard, double weight, float... values) {
    return new Contribution(shard, weight, Contribution.Form.SUM, Parameters.of(values));
  }

  @Nested
  class OfValues {
    @Test
    void weighsEachByItsUnits() {
      Combined combined = mean.combine(List.of(value(0, 1, 1, 10), value(1, 3, 5, 20)), 0);
      assertThat(combined.mean())
          .isEqualTo(Parameters.of(new float[] {4, 17.5f}, new float[] {0.75f}));
      assertThat(combined.distrusted()).isEmpty();
    }

    @Test
    void ofOneShardIsThatShardBitForBit() {
      float[] odd = {0.1f, 1e-38f, 3.4e38f, -1 / 3f};
      Combined combined = mean.combine(List.of(value(0, 1234.7, odd)), 0);
      assertThat(combined.mean().slice(0)).containsExactly(odd);
    }

    @Test
    void ofEqualShardsIsWhatAllOfThemHave() {
      float[] odd = {0.1f, 0.7f, -1 / 3f};
      List<Contribution> equal = List.of(value(0, 17, odd), value(1, 4, odd), value(2, 9000, odd));
      assertThat(mean.combine(equal, 0).mean().slice(0)).containsExactly(odd);
    }
  }

  @Nested
  class OfSums {
    @Test
    void dividesTheSumByTheWholeWeight() {
      Combined combined = mean.combine(List.of(sum(0, 2, 6, 1), sum(1, 6, 2, -9)), 0);
      assertThat(combined.mean()).isEqualTo(Parameters.of(new float[] {1, -1}));
    }

    @Test
    void losesNoSmallOnesBesideLargeOnes() {
      Combined combined = mean.combine(List.of(sum(0, 1, 1e8f), sum(1, 1, 1), sum(2, 1, -1e8f)), 0);
      assertThat(combined.mean().slice(0)[0]).isEqualTo(1 / 3f);
    }
  }

  @Test
  void isTheSameWhereverTheVectorIsCut() {
    float[] first = new float[5000];
    float[] second = new float[5000];
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) Math.sin(i);
      second[i] = (float) Math.cos(i) * 100;
    }
    float[] whole = mean.combine(List.of(sum(0, 3, first), sum(1, 7, second)), 0).mean().slice(0);
    for (int from = 0; from < 5000; from += 777) {
      int to = Math.min(5000, from + 777);
      float[] part =
          mean.combine(
                  List.of(
                      sum(0, 3, java.util.Arrays.copyOfRange(first, from, to)),
                      sum(1, 7, java.util.Arrays.copyOfRange(second, from, to))),
                  0)
              .mean()
              .slice(0);
      assertThat(part).containsExactly(java.util.Arrays.copyOfRange(whole, from, to));
    }
  }

  @Test
  void isTheSameOnAllProcessors() {
    List<Contribution> contributions = new ArrayList<>();
    for (int shard = 0; shard < 3; shard++) {
      float[][] slices = {new float[20_000], new float[3], new float[0], new float[70_001]};
      for (float[] slice : slices) {
        for (int i = 0; i < slice.length; i++) {
          slice[i] = (float) Math.sin(i + shard);
        }
      }
      contributions.add(
          new Contribution(shard, shard + 0.3, Contribution.Form.VALUE, Parameters.of(slices)));
    }
    assertThat(mean.combineInParallel(contributions, 0).mean())
        .isEqualTo(mean.combine(contributions, 0).mean());
  }
}
