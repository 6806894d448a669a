package org.trainyard.training.round;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.trainyard.training.combine.Combined;
import org.trainyard.training.combine.Contribution;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import scala.Tuple2;

/**
 * Cuts vectors into blocks for a shuffle by block, combines a block, and puts blocks together
 * again. What travels is keyed by the block's number; keys below 0 are reports.
 *
 * @param elements length of a whole vector
 * @param size elements of a block; the last one may be shorter
 */
record Blocks(long elements, int size) implements Serializable {

  /** Blocks of joined sets of a layout. */
  static Blocks of(Layout layout, int sets, int size) {
    return new Blocks(layout.length() * sets, size);
  }

  int count() {
    return Math.toIntExact((elements + size - 1) / size);
  }

  private int length(int block) {
    return (int) Math.min(size, elements - (long) block * size);
  }

  /** Report and blocks of each part, made one at a time. */
  Iterator<Tuple2<Integer, byte[]>> cut(Plan plan, Iterator<ShardWorker.Part> parts) {
    return new Iterator<>() {
      private ShardReport report;
      private Optional<Parameters> vector = Optional.empty();
      private int block;

      @Override
      public boolean hasNext() {
        return (vector.isPresent() && block < count()) || parts.hasNext();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        if (vector.isPresent() && block < count()) {
          return new Tuple2<>(block, piece(plan, report, vector.get(), block++));
        }
        if (!parts.hasNext()) {
          throw new NoSuchElementException();
        }
        ShardWorker.Part part = parts.next();
        report = part.report();
        vector = part.vector();
        block = 0;
        return new Tuple2<>(-1 - report.shard(), Wire.serialize(report));
      }
    };
  }

  private byte[] piece(Plan plan, ShardReport report, Parameters vector, int block) {
    byte[] encoded = plan.codec().encode(Parameters.of(values(vector, block)));
    return ByteBuffer.allocate(Integer.BYTES + Double.BYTES + encoded.length)
        .putInt(report.shard())
        .putDouble(report.tally().weight())
        .put(encoded)
        .array();
  }

  /** Copies a block out of the slices that it touches. */
  private float[] values(Parameters vector, int block) {
    float[] values = new float[length(block)];
    move(vector, block, values, true);
    return values;
  }

  private void move(Parameters vector, int block, float[] values, boolean out) {
    long from = (long) block * size;
    long to = from + values.length;
    long start = 0;
    for (int i = 0; i < vector.count() && start < to; i++) {
      float[] slice = vector.slice(i);
      long first = Math.max(from, start);
      long end = Math.min(to, start + slice.length);
      if (first < end) {
        int inSlice = (int) (first - start);
        int inBlock = (int) (first - from);
        int length = (int) (end - first);
        if (out) {
          System.arraycopy(slice, inSlice, values, inBlock, length);
        } else {
          System.arraycopy(values, inBlock, slice, inSlice, length);
        }
      }
      start += slice.length;
    }
  }

  /**
   * Combines what was shuffled under one key. A report goes through as it is; a block becomes:
   * bytes received, number of distrusted shards, these, the combined values.
   */
  Iterator<Tuple2<Integer, byte[]>> combine(
      Plan plan, int key, Iterable<byte[]> pieces, long round) {
    if (key < 0) {
      byte[] report = pieces.iterator().next();
      return List.of(new Tuple2<>(key, report)).iterator();
    }
    long received = 0;
    List<Contribution> contributions = new ArrayList<>();
    for (byte[] piece : pieces) {
      ByteBuffer from = ByteBuffer.wrap(piece);
      int shard = from.getInt();
      double weight = from.getDouble();
      received += from.remaining();
      Parameters values = Parameters.of(new float[length(key)]);
      plan.codec().decode(from, values);
      contributions.add(new Contribution(shard, weight, plan.form(), values));
    }
    contributions.sort(Comparator.comparingInt(Contribution::shard));
    Combined combined = plan.combiner().combine(contributions, round);
    byte[] encoded = Exchange.EXACT.encode(combined.mean());
    int distrusted = combined.distrusted().size();
    ByteBuffer frame =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES * (1 + distrusted) + encoded.length)
            .putLong(received)
            .putInt(distrusted);
    combined.distrusted().forEach(frame::putInt);
    return List.of(new Tuple2<>(key, frame.put(encoded).array())).iterator();
  }

  /**
   * Puts a combined block where it belongs.
   *
   * @param frame as {@link #combine} made it, read up to the values
   */
  void place(int block, ByteBuffer frame, Parameters into) {
    float[] values = new float[length(block)];
    Exchange.EXACT.decode(frame, Parameters.of(values));
    move(into, block, values, false);
  }
}
