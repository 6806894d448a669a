package org.trainyard.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.evaluation.metric.kernel.Ngrams;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("Count baselines on Spark")
class BaselinesTest {
  private static final int VOCABULARY = 11;
  private static final int LENGTH = 9;

  /** Batches by number: the first ten are for training, the rest are held out. */
  private static final List<Batch> BATCHES = batches();

  private static List<Batch> batches() {
    SplittableRandom random = new SplittableRandom(17);
    List<Batch> batches = new ArrayList<>();
    for (int b = 0; b < 16; b++) {
      int n = 1 + random.nextInt(4);
      int[] input = random.ints((long) n * LENGTH, 0, VOCABULARY - 1).toArray();
      int[] target =
          IntStream.of(input).map(i -> (i * i + random.nextInt(3)) % VOCABULARY).toArray();
      byte[] mask = new byte[n * LENGTH];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = (byte) random.nextInt(2);
      }
      batches.add(
          Batch.of(
              new long[n],
              Tensor.ofInts(Batch.INPUT, new int[] {n, LENGTH}, input),
              Tensor.ofInts(Batch.TARGET, new int[] {n, LENGTH}, target),
              Tensor.ofBytes(Batch.MASK, new int[] {n, LENGTH}, mask)));
    }
    return batches;
  }

  private static Dataset<Row> pairs(int from, int to, int partitions) {
    SparkSession spark = TestSpark.session();
    List<Integer> numbers = IntStream.range(from, to).boxed().toList();
    return UnitPairs.count(
        spark.createDataset(numbers, Encoders.INT()).toDF().repartition(partitions),
        row -> BATCHES.get(row.getInt(0)));
  }

  /** Every real unit as context and target, one after the other. */
  private static List<int[]> units(int from, int to) {
    List<int[]> units = new ArrayList<>();
    for (Batch batch : BATCHES.subList(from, to)) {
      for (int i = 0; i < batch.tensor(Batch.MASK).elements(); i++) {
        if (batch.tensor(Batch.MASK).bytes()[i] == 1) {
          units.add(
              new int[] {
                batch.tensor(Batch.INPUT).ints().get(i), batch.tensor(Batch.TARGET).ints().get(i)
              });
        }
      }
    }
    return units;
  }

  @Test
  void equalTheSumOverSingleUnits() {
    Map<String, Long> seen = new HashMap<>();
    for (int[] unit : units(0, 10)) {
      boolean fresh = seen.merge(unit[0] + ">" + unit[1], 1L, Long::sum) == 1;
      seen.merge(">" + unit[1], 1L, Long::sum);
      seen.merge(unit[0] + ">", 1L, Long::sum);
      seen.merge(unit[0] + "*", fresh ? 1L : 0, Long::sum);
    }
    long total = units(0, 10).size();
    double unigramNats = 0;
    double bigramNats = 0;
    for (int[] unit : units(10, 16)) {
      double unigram = Ngrams.unigram(seen.getOrDefault(">" + unit[1], 0L), total, VOCABULARY);
      double bigram =
          Ngrams.bigram(
              seen.getOrDefault(unit[0] + ">" + unit[1], 0L),
              seen.getOrDefault(unit[0] + ">", 0L),
              seen.getOrDefault(unit[0] + "*", 0L),
              unigram);
      unigramNats -= Math.log(unigram);
      bigramNats -= Math.log(bigram);
    }
    Baselines baselines = Baselines.of(pairs(0, 10, 3), pairs(10, 16, 2), VOCABULARY);
    assertThat(baselines.units()).isEqualTo(units(10, 16).size());
    assertThat(baselines.unigramNats()).isEqualTo(unigramNats, within(1e-8));
    assertThat(baselines.bigramNats()).isEqualTo(bigramNats, within(1e-8));
    assertThat(baselines.bigramNats()).isLessThan(baselines.unigramNats());
  }

  @Test
  void areTheSameBitsUnderAnyPartitioning() {
    assertThat(Baselines.of(pairs(0, 10, 7), pairs(10, 16, 5), VOCABULARY))
        .isEqualTo(Baselines.of(pairs(0, 10, 1), pairs(10, 16, 1), VOCABULARY));
  }
}
