package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.dataprep.tokenize.kernel.WordCounts;
import org.trainyard.dataprep.tokenize.kernel.WordList;

/**
 * Counts words on the cluster: each task adds up in a bounded table, one shuffle adds the tasks up;
 * then hands the most frequent to the driver, packed.
 */
final class WordTable {
  static final String WORD = "word";
  static final String COUNT = "count";
  private static final String LEVEL = "level";
  private static final String SLICE = "slice";
  private static final StructType SCHEMA =
      new StructType().add(WORD, DataTypes.BinaryType).add(COUNT, DataTypes.LongType);

  /** Different words that a task holds before it sends them on: some 25 MB. */
  private static final int MOST_WORDS = 1 << 19;

  /** Bytes of the words that a task holds before it sends them on. */
  private static final int MOST_BYTES = 1 << 24;

  /** Words of one row on the way to the driver. */
  private static final int PACKED_WORDS = 1 << 14;

  /** Counts below this are told apart; above, those that agree in their first 16 binary digits. */
  private static final int EXACT_DIGITS = 16;

  /** Slices, by hash, that the words of one level are cut into. */
  private static final int SLICES = 1 << 16;

  private WordTable() {}

  /**
   * The words to learn from.
   *
   * @param list the words that were kept
   * @param different words in all
   * @param total of the counts of all words
   */
  record Kept(WordList list, long different, long total) {
    /** Share of all words, by count, that was not kept. */
    double leftOutShare() {
      return total == 0 ? 0 : 1 - list.total() / (double) total;
    }
  }

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

  /**
   * Collects the most frequent words, whatever order and partitions they come in. Nothing is
   * sorted: a histogram of counts (at most some 10,000 levels) says which level is kept in part,
   * and a histogram of hashes which part of it; so up to a 65,536th of that level fewer words are
   * kept than could be.
   *
   * @param counts as {@link #counts} makes them, persisted: they are read three times
   * @param most words to keep at most
   */
  static Kept mostFrequent(Dataset<Row> counts, int most) {
    Dataset<Row> levelled =
        counts.withColumn(
            LEVEL, udf((UDF1<Long, Long>) WordTable::level, DataTypes.LongType).apply(col(COUNT)));
    TreeMap<Long, Long> words = new TreeMap<>();
    long total = 0;
    for (Row row : levelled.groupBy(LEVEL).agg(count(lit(1)), sum(col(COUNT))).collectAsList()) {
      words.put(row.getLong(0), row.getLong(1));
      total += row.getLong(2);
    }
    long different = words.values().stream().mapToLong(Long::longValue).sum();
    long left = most;
    long whole = Long.MAX_VALUE;
    for (long level : words.descendingKeySet()) {
      if (words.get(level) > left) {
        break;
      }
      left -= words.get(level);
      whole = level;
    }
    Column kept = col(LEVEL).geq(whole);
    Long partly = words.lowerKey(whole);
    if (partly != null && left > 0) {
      kept = kept.or(col(LEVEL).equalTo(partly).and(slice().lt(slices(levelled, partly, left))));
    }
    MapPartitionsFunction<Row, Row> pack = Packing::new;
    WordList list = new WordList();
    for (Row row :
        levelled
            .where(kept)
            .select(WORD, COUNT)
            .mapPartitions(pack, Encoders.row(Packing.SCHEMA))
            .collectAsList()) {
      Packing.unpack(row, list);
    }
    return new Kept(list, different, total);
  }

  /** How many slices of a level hold no more than so many words. */
  private static long slices(Dataset<Row> levelled, long level, long most) {
    long[] words = new long[SLICES];
    levelled
        .where(col(LEVEL).equalTo(level))
        .groupBy(slice().as(SLICE))
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> words[Math.toIntExact(row.getLong(0))] = row.getLong(1));
    long sum = 0;
    for (int slice = 0; slice < SLICES; slice++) {
      sum += words[slice];
      if (sum > most) {
        return slice;
      }
    }
    return SLICES;
  }

  private static Column slice() {
    return shiftrightunsigned(xxhash64(col(WORD)), 48);
  }

  /** A count with all but its first binary digits 0. */
  private static long level(long count) {
    int digits = Long.SIZE - Long.numberOfLeadingZeros(count);
    int dropped = Math.max(0, digits - EXACT_DIGITS);
    return count >>> dropped << dropped;
  }

  private static final class Counting implements Iterator<Row> {
    private final Iterator<Row> texts;
    private final WordCounts counts = new WordCounts();
    private int next;

    Counting(Iterator<Row> texts) {
      this.texts = texts;
    }

    @Override
    public boolean hasNext() {
      while (next == counts.size() && texts.hasNext()) {
        counts.clear();
        next = 0;
        while (texts.hasNext() && counts.size() < MOST_WORDS && counts.bytes() < MOST_BYTES) {
          String text = texts.next().getString(0);
          if (Utf8.unpairedSurrogate(text) < 0) {
            counts.addPieces(text.getBytes(StandardCharsets.UTF_8));
          }
        }
      }
      return next < counts.size();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = RowFactory.create(counts.word(next), counts.count(next));
      next++;
      return row;
    }
  }

  /** Many words a row: their counts and lengths, then their bytes. */
  private static final class Packing implements Iterator<Row> {
    static final StructType SCHEMA =
        new StructType()
            .add("words", DataTypes.BinaryType)
            .add("lengths", DataTypes.BinaryType)
            .add("counts", DataTypes.BinaryType);

    private final Iterator<Row> words;

    Packing(Iterator<Row> words) {
      this.words = words;
    }

    @Override
    public boolean hasNext() {
      return words.hasNext();
    }

    @Override
    public Row next() {
      ByteBuffer lengths = ByteBuffer.allocate(PACKED_WORDS * Integer.BYTES);
      ByteBuffer counts = ByteBuffer.allocate(PACKED_WORDS * Long.BYTES);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(PACKED_WORDS * 8);
      do {
        Row row = words.next();
        byte[] word = row.getAs(0);
        bytes.writeBytes(word);
        lengths.putInt(word.length);
        counts.putLong(row.getLong(1));
      } while (lengths.hasRemaining() && words.hasNext());
      return RowFactory.create(bytes.toByteArray(), written(lengths), written(counts));
    }

    private static byte[] written(ByteBuffer buffer) {
      return Arrays.copyOf(buffer.array(), buffer.position());
    }

    static void unpack(Row row, WordList into) {
      byte[] bytes = row.getAs(0);
      ByteBuffer lengths = ByteBuffer.wrap(row.getAs(1));
      ByteBuffer counts = ByteBuffer.wrap(row.getAs(2));
      for (int from = 0; lengths.hasRemaining(); ) {
        int to = from + lengths.getInt();
        into.add(bytes, from, to, counts.getLong());
        from = to;
      }
    }
  }
}
