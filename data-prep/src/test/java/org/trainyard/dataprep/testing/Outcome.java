package org.trainyard.dataprep.testing;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.technique.Settings;
import org.trainyard.pipeline.technique.Technique;
import org.trainyard.pipeline.testing.TestSpark;

/** Looks at what stages made; all tables are tiny. */
public final class Outcome {
  private Outcome() {}

  /** A technique with settings written as YAML. */
  public static <S extends Record, T> T make(Technique<S, T> technique, String yaml) {
    return technique.create(
        Settings.bind(Settings.json(Yaml.parse(yaml).toString()), technique.settings(), "step", 7)
            .value());
  }

  /** Ids of alive rows, sorted. */
  public static List<String> kept(Dataset<Row> rows) {
    return rows.where(Rejects.alive()).select("id").orderBy("id").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Reasons of rejected rows by id. */
  public static Map<String, String> rejected(Dataset<Row> rows) {
    return byId(rows.where(col(Rejects.REASON).isNotNull()), Rejects.REASON);
  }

  /** A text column by id. */
  public static Map<String, String> byId(Dataset<Row> rows, String column) {
    Map<String, String> values = new TreeMap<>();
    rows.select(col("id"), col(column).cast("string"))
        .collectAsList()
        .forEach(row -> values.put(row.getString(0), row.getString(1)));
    return values;
  }

  /** All rows as text, sorted: equal for tables that hold the same rows. */
  public static List<String> everything(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** How many Spark jobs an act starts. */
  public static int jobsStartedBy(Supplier<Dataset<Row>> act) {
    int before = TestSpark.session().sparkContext().dagScheduler().nextJobId().get();
    Dataset<Row> planned = act.get();
    return planned.sparkSession().sparkContext().dagScheduler().nextJobId().get() - before;
  }
}
