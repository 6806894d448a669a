package org.trainyard.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("The ranking of a two-class model")
class RankingTest {
  private final List<Row> rows = new ArrayList<>();

  /** An example that the model finds relevant with a probability. */
  private void example(long group, int label, double probable) {
    double nats = -Math.log(label == 1 ? probable : 1 - probable);
    rows.add(RowFactory.create((long) rows.size(), group, 1L, 0L, nats, 0L, label, 0));
  }

  private Dataset<Row> table(int partitions) {
    return TestSpark.session().createDataFrame(rows, Scoring.SCHEMA).repartition(partitions);
  }

  @Test
  void tellsHowHighTheFirstRelevantOneOfAGroupComes() {
    example(1, 1, 0.9);
    example(1, 0, 0.2);
    example(2, 0, 0.8);
    example(2, 0, 0.7);
    example(2, 1, 0.6);
    example(2, 1, 0.1);
    example(3, 0, 0.4);
    example(3, 0, 0.3);
    for (int partitions : new int[] {1, 5}) {
      Ranking ranking = Ranking.of(table(partitions)).orElseThrow();
      assertThat(ranking.meanReciprocalRank())
          .isCloseTo((1 + 1 / 3.0 + 0) / 3, Offset.offset(1e-12));
      assertThat(ranking.precisionAtOne()).isCloseTo(1 / 3.0, Offset.offset(1e-12));
    }
  }

  @Test
  void saysNothingWhereEachExampleStandsAlone() {
    example(1, 1, 0.9);
    example(2, 0, 0.2);
    assertThat(Ranking.of(table(2))).isEmpty();
  }
}
