package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.dataprep.tokenize.kernel.WordCounts;

/** Counts runs of bytes on the cluster, as {@link WordTable} counts words. */
final class NgramTable {
  static final String NGRAM = "ngram";
  static final String COUNT = "count";
  private static final StructType SCHEMA =
      new StructType().add(NGRAM, DataTypes.BinaryType).add(COUNT, DataTypes.LongType);

  /** Different runs that a task holds before it sends them on. */
  private static final int MOST_NGRAMS = 1 << 18;

  private NgramTable() {}

  /** Runs of 1 to {@code longest} bytes; texts that are not well-formed are passed over. */
  static Dataset<Row> counts(Dataset<Row> texts, int longest) {
    MapPartitionsFunction<Row, Row> count = rows -> new Counting(rows, longest);
    return texts
        .mapPartitions(count, Encoders.row(SCHEMA))
        .groupBy(col(NGRAM))
        .agg(sum(col(COUNT)).as(COUNT));
  }

  private static final class Counting implements Iterator<Row> {
    private final Iterator<Row> texts;
    private final int longest;
    private final WordCounts counts = new WordCounts();
    private final Queue<Row> ready = new ArrayDeque<>();
    private byte[] text = {};
    private int at;

    Counting(Iterator<Row> texts, int longest) {
      this.texts = texts;
      this.longest = longest;
    }

    @Override
    public boolean hasNext() {
      if (ready.isEmpty()) {
        while (counts.size() < MOST_NGRAMS && count()) {}
        for (int ngram = 0; ngram < counts.size(); ngram++) {
          ready.add(RowFactory.create(counts.word(ngram), counts.count(ngram)));
        }
        counts.clear();
      }
      return !ready.isEmpty();
    }

    /** Counts the runs that end at the next byte; false if there is none. */
    private boolean count() {
      while (at == text.length) {
        if (!texts.hasNext()) {
          return false;
        }
        String next = texts.next().getString(0);
        text = Utf8.unpairedSurrogate(next) < 0 ? Utf8.bytes(next) : new byte[0];
        at = 0;
      }
      at++;
      for (int from = Math.max(0, at - longest); from < at; from++) {
        counts.add(text, from, at, 1);
      }
      return true;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }
  }
}
