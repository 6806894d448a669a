package org.trainyard.dataprep.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("Splitting a table")
class SplitTest {
  private static final int ROWS = 4000;
  private static final StructType SCHEMA =
      new StructType().add("id", DataTypes.StringType).add("group", DataTypes.IntegerType);

  /** Rows r0 …; ten to a group, and every tenth row without one. */
  private static Dataset<Row> table() {
    List<Row> rows =
        IntStream.range(0, ROWS)
            .mapToObj(i -> RowFactory.create("r" + i, i % 10 == 0 ? null : i / 10))
            .toList();
    return TestSpark.session().createDataFrame(rows, SCHEMA);
  }

  private static List<String> heldOut(Dataset<Row> rows, SplitSettings settings) {
    return rows.where(Split.heldOut(settings)).select("id").orderBy("id").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Nested
  class ById {
    @Test
    void meetsTheShareOnAverage() {
      int count = heldOut(table(), new SplitSettings(0.25, "id", 7)).size();
      // Binomial: mean 1000, standard deviation 27.4; five of them on each side.
      assertThat(count).isBetween(1000 - 137, 1000 + 137);
    }

    @Test
    void isTheSameInEveryRunAndUnderAnyPartitioning() {
      SplitSettings settings = new SplitSettings(0.1, "id", 7);
      assertThat(heldOut(table().repartition(7), settings))
          .isEqualTo(heldOut(table().coalesce(1), settings));
    }

    @Test
    void keepsOnItsSideWhatWasThereAsTheShareGrows() {
      assertThat(heldOut(table(), new SplitSettings(0.2, "id", 7)))
          .containsAll(heldOut(table(), new SplitSettings(0.1, "id", 7)));
    }

    @Test
    void followsTheSeed() {
      TreeSet<String> both = new TreeSet<>(heldOut(table(), new SplitSettings(0.1, "id", 7)));
      both.retainAll(heldOut(table(), new SplitSettings(0.1, "id", 8)));
      // Independent splits share 1 % of 4000 rows: 40, standard deviation 6.3.
      assertThat(both.size()).isBetween(8, 72);
    }
  }

  @Nested
  class ByGroup {
    @Test
    void keepsEachGroupOnOneSide() {
      SplitSettings settings = new SplitSettings(0.3, "group", 7);
      List<Integer> out = groups(table().where(Split.heldOut(settings)));
      List<Integer> in = groups(table().where(Split.heldOut(settings).unary_$bang()));
      assertThat(out).isNotEmpty().doesNotContainAnyElementsOf(in);
    }

    @Test
    void takesRowsWithoutAGroupByTheirId() {
      long without =
          heldOut(table().where("group is null"), new SplitSettings(0.3, "group", 7)).size();
      // Binomial: mean 120, standard deviation 9.2.
      assertThat(without).isBetween(74L, 166L);
    }

    private static List<Integer> groups(Dataset<Row> rows) {
      List<Integer> groups = new ArrayList<>();
      rows.where("group is not null")
          .select("group")
          .distinct()
          .collectAsList()
          .forEach(row -> groups.add(row.getInt(0)));
      return groups;
    }
  }

  @Test
  void isAJobFromRowsToTrainAndHeldOut() {
    Job job = Outcome.make(new Split(), "{}");
    assertThat(job.inputs()).extracting(Port::name).containsExactly("rows");
    assertThat(job.outputs()).extracting(Port::name).containsExactly("train", "held-out");
  }

  @Test
  void refusesASideWithNothingOnIt() {
    assertThatThrownBy(() -> Outcome.make(new Split(), "{held-out: 0}"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("step.held-out: must be between 0 and 1, but is 0.0");
  }
}
