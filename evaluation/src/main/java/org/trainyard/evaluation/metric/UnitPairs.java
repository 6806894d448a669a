package org.trainyard.evaluation.metric;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.evaluation.metric.kernel.PairCounts;
import org.trainyard.pipeline.batch.Batch;

/** How often each pair of context and target occurs in a batch table: one row a pair. */
final class UnitPairs {
  static final String CONTEXT = "context";
  static final String TARGET = "target";
  static final String COUNT = "count";

  static final StructType SCHEMA =
      new StructType()
          .add(CONTEXT, DataTypes.IntegerType, false)
          .add(TARGET, DataTypes.IntegerType, false)
          .add(COUNT, DataTypes.LongType, false);

  /** Pairs held by a task before it hands them on: 24 MB. */
  private static final int MOST_HELD = 1 << 20;

  private UnitPairs() {}

  /** Counts within tasks first, then by pair; nothing is collected. */
  static Dataset<Row> count(Dataset<Row> batches, BatchReader reader) {
    MapPartitionsFunction<Row, Row> within = rows -> new Counting(rows, reader);
    return batches
        .mapPartitions(within, Encoders.row(SCHEMA))
        .groupBy(col(CONTEXT), col(TARGET))
        .agg(sum(COUNT).as(COUNT));
  }

  /** Counts batches until the table is full, then hands out what it holds. */
  private static final class Counting implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final BatchReader reader;
    private final PairCounts counts = new PairCounts();
    private Iterator<Row> held = List.<Row>of().iterator();

    Counting(Iterator<Row> rows, BatchReader reader) {
      this.rows = rows;
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      while (!held.hasNext() && rows.hasNext()) {
        while (rows.hasNext() && counts.size() < MOST_HELD) {
          Batch batch = reader.read(rows.next());
          counts.add(batch);
        }
        List<Row> pairs = new ArrayList<>(counts.size());
        counts.drain(
            (context, target, count) -> pairs.add(RowFactory.create(context, target, count)));
        held = pairs.iterator();
      }
      return held.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return held.next();
    }
  }
}
