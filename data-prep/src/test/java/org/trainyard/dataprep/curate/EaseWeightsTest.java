package org.trainyard.dataprep.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.curate.kernel.ScoreDensity;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.stage.Rejects;

@DisplayName("Weights by ease")
class EaseWeightsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("query", DataTypes.StringType)
          .add("score", DataTypes.DoubleType)
          .add("label", DataTypes.StringType)
          .add(Rejects.REASON, DataTypes.StringType)
          .add(Rejects.DETAIL, DataTypes.StringType);

  private final List<Row> rows = new ArrayList<>();

  private EaseWeightsTest candidate(String id, String query, Double score, String label) {
    rows.add(RowFactory.create(id, query, score, label, null, null));
    return this;
  }

  private Dataset<Row> weighed(int partitions, String settings) {
    return Outcome.make(new EaseWeights(), settings)
        .apply(
            org.trainyard.pipeline.testing.TestSpark.session()
                .createDataFrame(rows, SCHEMA)
                .repartition(partitions));
  }

  private Map<String, Double> weights(String settings) {
    Map<String, Double> weights = new TreeMap<>();
    Outcome.byId(weighed(3, settings), "weight")
        .forEach((id, weight) -> weights.put(id, Double.valueOf(weight)));
    return weights;
  }

  private static void close(double found, double expected) {
    assertThat(found).isCloseTo(expected, Offset.offset(1e-6));
  }

  private void twoQueries() {
    candidate("a", "q", 9.0, "relevant");
    candidate("b", "q", 5.0, "other");
    candidate("c", "q", 1.0, "relevant");
    candidate("d", "q", null, "other");
    candidate("e", "r", 2.0, "other");
    candidate("f", "r", 2.0, "relevant");
  }

  @Nested
  class MeasureAScore {
    @Test
    void byItsPlaceBetweenTheLeastAndTheGreatest() {
      twoQueries();
      Map<String, Double> weights = weights("{}");
      close(weights.get("a"), 1);
      close(weights.get("b"), 0.5);
      close(weights.get("c"), 1e-8);
      close(weights.get("d"), 1);
      close(weights.get("e"), 0.5);
      close(weights.get("f"), 0.5);
    }

    @Test
    void byItsRankEqualScoresByIdAndNoneAsTheThousandth() {
      twoQueries();
      Map<String, Double> weights = weights("{by: reciprocal-rank}");
      close(weights.get("a"), 1);
      close(weights.get("b"), 0.5);
      close(weights.get("c"), 1 / 3.0);
      close(weights.get("d"), 0.999);
      close(weights.get("e"), 1e-8);
      close(weights.get("f"), 0.5);
    }

    @Test
    void byTheShareOfScoresBelowIt() {
      twoQueries();
      Map<String, Double> weights = weights("{by: score-density}");
      double[] scores = {9, 5, 1};
      close(weights.get("a"), ScoreDensity.below(scores, 9));
      close(weights.get("b"), 0.5);
      close(weights.get("c"), ScoreDensity.below(scores, 1));
      close(weights.get("d"), 1);
      close(weights.get("f"), 0.5);
    }
  }

  @Test
  void putHardOnesFirstIfAsked() {
    twoQueries();
    Map<String, Double> weights = weights("{hard-first: true}");
    close(weights.get("a"), 1e-8);
    close(weights.get("c"), 1);
    close(weights.get("d"), 1e-8);
  }

  @Test
  void leaveRejectedRowsOutOfEveryQuery() {
    twoQueries();
    rows.add(RowFactory.create("x", "q", 100.0, "other", "too-short", "earlier"));
    Map<String, String> weights = Outcome.byId(weighed(2, "{}"), "weight");
    assertThat(weights.get("x")).isNull();
    assertThat(weights).containsEntry("a", "1.0");
  }

  @Test
  void areTheSameUnderAnyPartitioning() {
    twoQueries();
    for (String by : List.of("reciprocal-rank", "normalised-score", "score-density")) {
      assertThat(Outcome.everything(weighed(1, "{by: " + by + "}")))
          .isEqualTo(Outcome.everything(weighed(5, "{by: " + by + "}")));
    }
  }

  @Test
  void refuseALabelThatIsNotThere() {
    twoQueries();
    assertThatThrownBy(() -> weights("{label: judgement}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("label: must name a column, but is 'judgement'");
  }

  @Test
  void refuseAMeasureThatIsUnknown() {
    assertThatThrownBy(() -> weights("{by: guess}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("step.by: must be one of");
  }
}
