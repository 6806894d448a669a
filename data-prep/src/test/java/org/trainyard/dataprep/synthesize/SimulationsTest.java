package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.synthesize.kernel.HeatEquation;
import org.trainyard.dataprep.synthesize.kernel.Simulator;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;

@DisplayName("Simulations")
class SimulationsTest {
  private static final String STEPS =
      """
      samples:
        use: simulations
        simulator: {heat-equation: {points: 3, steps: 4}}
        count: 10
        first: 100
        seed: 7
      batches: {use: plan-batches, kind: values, planner: fixed, budget: 8, shards: 2}
      """;

  @TempDir Path folder;

  @Test
  void areStoredARowAStep() {
    TestPipeline run = TestPipeline.run(folder, STEPS);
    Map<String, List<Float>> values = new TreeMap<>();
    for (Row row : run.rows("samples", "rows")) {
      values.put(row.getAs("id"), row.getList(row.fieldIndex("values")));
    }
    assertThat(values).hasSize(40);
    Simulator.Run rod = new HeatEquation(3, 4).start(7, 105);
    float[] sample = new float[9];
    rod.next(sample, 0);
    rod.next(sample, 0);
    assertThat(values.get("105#1")).containsExactly(sample[6], sample[7], sample[8]);
  }

  @Test
  void becomeBatchesOfFeaturesAndValues() {
    TestPipeline run = TestPipeline.run(folder, STEPS);
    Set<Long> ids = new HashSet<>();
    for (Row row : run.rows("batches", "batches")) {
      Batch batch = BatchTable.batch(row);
      assertThat(batch.tensor(Batch.INPUT).shape()).containsExactly(batch.size(), 6);
      assertThat(batch.tensor(Batch.TARGET).shape()).containsExactly(batch.size(), 3);
      assertThat(batch.size()).isLessThanOrEqualTo(8);
      for (long id : batch.exampleIds()) {
        ids.add(id);
      }
    }
    assertThat(ids).hasSize(40);
  }
}
