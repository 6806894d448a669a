package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.synthesize.kernel.LogNormalLengths;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.config.ConfigException;

@DisplayName("Synthetic lengths")
class SyntheticLengthsTest {
  @TempDir Path folder;

  @Test
  void areLogNormal() {
    LogNormalLengths lengths = new LogNormalLengths(1, 5.6, 1.1, 1, 1_000_000, 4, 0.3);
    int count = 100_000;
    double sum = 0;
    double squares = 0;
    for (int at = 0; at < count; at++) {
      double logarithm = Math.log(lengths.length(at) + 0.5);
      sum += logarithm;
      squares += (logarithm - 5.6) * (logarithm - 5.6);
    }

    // Standard errors: 1.1 / sqrt(count) = 0.0035 of the mean, 1.1 / sqrt(2 count) = 0.0025.
    assertThat(sum / count).isCloseTo(5.6, Offset.offset(0.015));
    assertThat(Math.sqrt(squares / count)).isCloseTo(1.1, Offset.offset(0.012));
  }

  @Test
  void makeATokenTable() {
    TestPipeline run =
        TestPipeline.run(
            folder, "lengths: {use: synthetic-lengths, count: 50, max: 300, vocabulary: 20}");

    List<Row> rows = run.rows("lengths", "rows");
    assertThat(rows).hasSize(50);
    for (Row row : rows) {
      List<Integer> tokens = row.getList(row.fieldIndex(TokenTable.TOKENS));
      assertThat(tokens)
          .hasSize(row.<Integer>getAs(TokenTable.LENGTH))
          .allMatch(id -> id >= 2 && id < 20);
      assertThat(row.<Double>getAs(SyntheticLengths.DURATION)).isPositive();
      assertThat(row.<Integer>getAs(SyntheticLengths.FRAMES)).isPositive();
    }
    assertThat(TokenTable.facts(run.table("lengths", "rows").schema(), "lengths").vocabulary())
        .isEqualTo(20);
  }

  @Test
  void refuseARangeThatIsEmpty() {
    assertThatThrownBy(
            () -> TestPipeline.run(folder, "lengths: {use: synthetic-lengths, min: 9, max: 8}"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("lengths.min: must be at most max (8), but is 9");
  }
}
