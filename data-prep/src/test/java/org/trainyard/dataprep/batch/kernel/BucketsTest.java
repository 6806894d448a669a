package org.trainyard.dataprep.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Buckets")
class BucketsTest {

  @Nested
  class OnALine {
    @Test
    void holdEqualTotals() {
      // 1+…+8 = 36: thirds of 12 end at 5 (15) and 7 (28).
      assertThat(LineBuckets.ofEqualMass(Lengths.sizes(8, 3, 1, 6, 2, 7, 4, 5), 3).edges())
          .containsExactly(5, 7);
    }

    @Test
    void takeInTheirUpperEdge() {
      Buckets buckets = new LineBuckets(new int[] {5, 7});

      assertThat(IntStream.of(1, 5, 6, 7, 8, 1000).map(size -> buckets.of(size, 0)))
          .containsExactly(0, 0, 1, 1, 2, 2);
      assertThat(buckets.count()).isEqualTo(3);
    }

    @Test
    void areFewerWhereManyExamplesHaveOneSize() {
      assertThat(LineBuckets.ofEqualMass(Lengths.sizes(4, 4, 4, 4), 3).count()).isEqualTo(1);
      assertThat(LineBuckets.ofEqualMass(Lengths.sizes(1, 9, 9, 9), 4).edges()).isEmpty();
      assertThat(LineBuckets.ofEqualMass(Lengths.sizes(), 4).count()).isEqualTo(1);
    }

    @Test
    void areEvenOnLongTails() {
      int[] lengths = Lengths.logNormal(50_000, 1);
      Buckets buckets = LineBuckets.ofEqualMass(Lengths.sizes(lengths), 20);
      double[] mass = new double[buckets.count()];
      for (int length : lengths) {
        mass[buckets.of(length, 0)] += length;
      }
      double share = Arrays.stream(lengths).asLongStream().sum() / 20.0;

      assertThat(Arrays.stream(mass).boxed())
          .hasSize(20)
          .allMatch(part -> Math.abs(part / share - 1) < 0.1);
    }
  }

  @Nested
  class OnAGrid {
    private Sizes speech(int count, int outliers) {
      SplittableRandom random = new SplittableRandom(4);
      int[] frames = new int[count];
      int[] tokens = new int[count];
      long[] counts = new long[count];
      Arrays.fill(counts, 1);
      for (int at = 0; at < count; at++) {
        frames[at] = 10 + random.nextInt(990);
        double rate = at < outliers ? 5 : 0.2 + 0.1 * random.nextDouble();
        tokens[at] = (int) Math.ceil(frames[at] * rate);
      }
      return new Sizes(frames, tokens, counts, count);
    }

    @Test
    void cutEachBinByTheSecondDimension() {
      Sizes sizes = speech(10_000, 0);
      GridBuckets buckets = GridBuckets.ofEqualMass(sizes, 10, 3, 0);
      double[] mass = new double[buckets.count()];
      for (int at = 0; at < sizes.size(); at++) {
        mass[buckets.of(sizes.first()[at], sizes.second()[at])] += sizes.second()[at];
      }
      double share = Arrays.stream(sizes.second()).asLongStream().sum() / 30.0;

      assertThat(Arrays.stream(mass).boxed())
          .hasSize(30)
          .allMatch(part -> Math.abs(part / share - 1) < 0.15);
    }

    @Test
    void leaveOutliersOut() {
      Sizes sizes = speech(10_000, 20);
      GridBuckets buckets = GridBuckets.ofEqualMass(sizes, 10, 2, 4);

      for (int at = 0; at < sizes.size(); at++) {
        int bucket = buckets.of(sizes.first()[at], sizes.second()[at]);
        assertThat(bucket == Buckets.NONE).isEqualTo(at < 20);
      }
    }

    @Test
    void takeInSizesThatWereNotSeen() {
      GridBuckets buckets = GridBuckets.ofEqualMass(speech(100, 0), 4, 2, 0);

      assertThat(buckets.of(1, 1)).isBetween(0, buckets.count() - 1);
      assertThat(buckets.of(1_000_000, 1_000_000)).isEqualTo(buckets.count() - 1);
    }
  }
}
