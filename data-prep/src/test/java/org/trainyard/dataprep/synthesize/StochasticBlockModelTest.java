package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.synthesize.kernel.BlockModel;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.pipeline.batch.GraphTables;
import org.trainyard.pipeline.config.ConfigException;

@DisplayName("A stochastic block model")
class StochasticBlockModelTest {
  private static final int NODES = 20_000;
  private static final BlockModel MODEL = new BlockModel(NODES, 7, 12, 5, 4, 0.5, 1);

  @TempDir Path folder;

  /** Counts of Poisson draws: standard errors sqrt(6 / 20,000) = 0.017 and 0.011. */
  @Test
  void drawsHalfOfTheExpectedNeighboursFromEitherEnd() {
    long own = 0;
    long others = 0;
    for (int node = 0; node < NODES; node++) {
      for (long other : MODEL.partners(node)) {
        assertThat(other).isBetween(0L, NODES - 1L);
        if (MODEL.block(other) == MODEL.block(node)) {
          own++;
        } else {
          others++;
        }
      }
    }
    assertThat((double) own / NODES).isCloseTo(6, within(0.07));
    assertThat((double) others / NODES).isCloseTo(2.5, within(0.05));
  }

  /** About 2,857 nodes a class of unit variance: standard error of a mean 0.019. */
  @Test
  void givesTheFeaturesOfAClassOneCentreWithinTheSignal() {
    double[][] sums = new double[7][4];
    double squares = 0;
    for (int node = 0; node < NODES; node++) {
      float[] features = MODEL.features(node);
      for (int at = 0; at < 4; at++) {
        sums[MODEL.block(node)][at] += features[at] * 7 / NODES;
        squares += (double) features[at] * features[at];
      }
    }
    double between = 0;
    for (double[] centre : sums) {
      for (double value : centre) {
        assertThat(value).isBetween(-0.6, 0.6);
        between += value * value / 28;
      }
    }
    assertThat(between).isGreaterThan(0.02);
    assertThat(squares / NODES / 4).isCloseTo(1 + between, within(0.03));
  }

  @Test
  void makesTwoTablesInWhichOnlyTrainingLabelsAreWrong() {
    TestPipeline run =
        TestPipeline.run(
            folder,
            "graph: {use: stochastic-block-model, nodes: 2000, classes: 4, width: 3, held-out: 0.25,"
                + " label-noise: 0.2}");
    List<Row> nodes = run.rows("graph", "nodes");
    assertThat(nodes).hasSize(2000);
    long heldOut = 0;
    long wrong = 0;
    for (Row node : nodes) {
      boolean right =
          node.<Integer>getAs(GraphTables.LABEL) == node.<Long>getAs(GraphTables.NODE) % 4;
      if (node.<String>getAs(GraphTables.PART).equals(GraphTables.HELD_OUT)) {
        heldOut++;
        assertThat(right).isTrue();
      } else {
        wrong += right ? 0 : 1;
      }
      assertThat(node.<Integer>getAs(GraphTables.LABEL)).isBetween(0, 3);
      assertThat(node.getList(node.fieldIndex(GraphTables.FEATURES))).hasSize(3);
    }
    // Four standard deviations of a binomial count.
    assertThat((double) heldOut).isCloseTo(500, within(78.0));
    assertThat((double) wrong).isCloseTo(300, within(62.0));
    for (Row edge : run.rows("graph", "edges")) {
      assertThat(edge.<Long>getAs(GraphTables.SOURCE))
          .isNotEqualTo(edge.<Long>getAs(GraphTables.TARGET));
    }
  }

  @Test
  void refusesMoreClassesThanNodes() {
    assertThatThrownBy(
            () ->
                TestPipeline.run(
                    folder, "graph: {use: stochastic-block-model, nodes: 3, classes: 5}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("graph.classes: must be at most nodes (3), but is 5");
  }
}
