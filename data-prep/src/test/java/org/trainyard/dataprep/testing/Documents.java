package org.trainyard.dataprep.testing;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.testing.TestSpark;

/** Tiny document tables for tests. */
public final class Documents {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("text", DataTypes.StringType)
          .add(Rejects.REASON, DataTypes.StringType)
          .add(Rejects.DETAIL, DataTypes.StringType);

  private final List<Row> rows = new ArrayList<>();

  /** Alive documents d0, d1, … */
  public static Documents of(String... texts) {
    Documents documents = new Documents();
    for (int i = 0; i < texts.length; i++) {
      documents.alive("d" + i, texts[i]);
    }
    return documents;
  }

  /** Adds an alive document. */
  public Documents alive(String id, String text) {
    rows.add(RowFactory.create(id, text, null, null));
    return this;
  }

  /** Adds a document that an earlier stage rejected. */
  public Documents rejected(String id, String text, String reason) {
    rows.add(RowFactory.create(id, text, reason, "earlier"));
    return this;
  }

  /** The table, in this many partitions. */
  public Dataset<Row> table(int partitions) {
    return TestSpark.session().createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  /** The table, in one partition, in order. */
  public Dataset<Row> table() {
    return TestSpark.session().createDataFrame(rows, SCHEMA).coalesce(1);
  }
}
