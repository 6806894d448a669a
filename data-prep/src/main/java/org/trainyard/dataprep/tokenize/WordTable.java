package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.dataprep.tokenize.kernel.WordCounts;

/**
 * Counts words on the cluster: each task adds up in a bounded table, one shuffle adds the tasks up.
 */
final class WordTable {
  static final String WORD = "word";
  static final String COUNT = "count";
  private static final StructType SCHEMA =
      new StructType().add(WORD, DataTypes.BinaryType).add(COUNT, DataTypes.LongType);

  /** Different words that a task holds before it sends them on. */
  private static final int MOST_WORDS = 1 << 18;

  private WordTable() {}

  /**
   * Words of at least two bytes with their counts; texts that are not well-formed are passed over.
   */
  static Dataset<Row> counts(Dataset<Row> texts) {
    MapPartitionsFunction<Row, Row> count = Counting::new;
    return texts
        .mapPartitions(count, Encoders.row(SCHEMA))
        .groupBy(col(WORD))
        .agg(sum(col(COUNT)).as(COUNT));
  }

  private static final class Counting implements Iterator<Row> {
    private final Iterator<Row> texts;
    private final WordCounts counts = new WordCounts();
    private final Queue<Row> ready = new ArrayDeque<>();

    Counting(Iterator<Row> texts) {
      this.texts = texts;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && texts.hasNext()) {
        while (texts.hasNext() && counts.size() < MOST_WORDS) {
          add(texts.next().getString(0));
        }
        counts.drain((word, count) -> ready.add(RowFactory.create(word, count)));
      }
      return !ready.isEmpty();
    }

    private void add(String text) {
      if (Utf8.unpairedSurrogate(text) >= 0) {
        return;
      }
      byte[] bytes = Utf8.bytes(text);
      for (int from = 0; from < bytes.length; ) {
        int to = Pieces.end(bytes, from, bytes.length);
        if (to - from > 1) {
          counts.add(bytes, from, to, 1);
        }
        from = to;
      }
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      return ready.remove();
    }
  }
}
