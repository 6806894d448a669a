package org.trainyard.dataprep.batch.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Fills batches whose rows hold several examples, one behind the other. What fits into a row
 * together is left to a {@link RowFit}; which rows make a batch is drawn by chance. A group that
 * fits into one row stays in it; a larger one gets rows of its own, all in one batch, whose rest is
 * filled up with other examples.
 *
 * <p>Works through the examples in slices, so that what a slice needs (about 60 bytes an example)
 * stays in the processor's cache and time grows no faster than their number. A slice leaves at most
 * one batch half empty, in thousands.
 */
public final class PackedFill {
  /** Examples of a slice; more if a group goes on. */
  private static final int SLICE = 1 << 18;

  private final Examples examples;
  private final int start;
  private final int end;
  private final BatchLimits limits;
  private final RowFit fit;
  private final BatchSink sink;
  private final int rowLength;
  private final int batchRows;

  /** Pieces: examples, or groups that fit into one row. */
  private final Ints pieceStart = new Ints();

  private final Ints pieceLength = new Ints();

  /** Examples of groups that do not, and their rows. */
  private final Ints member = new Ints();

  private final Ints memberRow = new Ints();

  /** Number of the rows of each such group, and the room in each of these rows. */
  private final Ints bundleRows = new Ints();

  private final Ints room = new Ints();

  private PackedFill(
      Examples examples,
      int start,
      int end,
      BatchLimits limits,
      int rowLength,
      RowFit fit,
      BatchSink sink) {
    this.examples = examples;
    this.start = start;
    this.end = end;
    this.limits = limits;
    this.fit = fit;
    this.sink = sink;
    this.rowLength = rowLength;
    this.batchRows = limits.rows(this.rowLength);
  }

  /**
   * Fills.
   *
   * @param examples those of one group side by side, without a second dimension; each group alone
   *     must be within the limits
   * @param rowLength units of a row, at least those of the longest example; 0 for rows long enough
   *     for the longest of these, of which a whole number fills the budget
   * @throws IllegalArgumentException if an example is longer than a row
   */
  public static void fill(
      Examples examples, BatchLimits limits, int rowLength, RowFit fit, BatchSink sink) {
    if (examples.size() == 0) {
      return;
    }
    int length = rowLength > 0 ? limits.floor(rowLength) : filling(examples, limits);
    for (int start = 0; start < examples.size(); ) {
      int last = Math.min(examples.size(), start + SLICE) - 1;
      int end = examples.groupEnd(last);
      new PackedFill(examples, start, end, limits, length, fit, sink).fill();
      start = end;
    }
  }

  private static int filling(Examples examples, BatchLimits limits) {
    int longest = 0;
    for (int example = 0; example < examples.size(); example++) {
      longest = Math.max(longest, examples.first(example));
    }
    int rows = limits.rows(limits.padded(longest));
    return limits.floor(limits.budget() / Math.max(1, rows));
  }

  private void fill() {
    for (int group = start; group < end; ) {
      int next = examples.groupEnd(group);
      long total = 0;
      for (int example = group; example < next; example++) {
        total += examples.first(example);
      }
      if (next - group == 1 || total <= rowLength) {
        pieceStart.add(group);
        pieceLength.add(Math.toIntExact(total));
      } else {
        spread(group, next);
      }
      group = next;
    }
    int[] lengths = pieceLength.values();
    int[] rows = fit.rows(lengths, rowLength, room.values());
    int count = room.size();
    for (int row : rows) {
      count = Math.max(count, row + 1);
    }
    emit(new Contents(lengths, rows, count), batches(count));
  }

  /** Gives a group rows of its own; if no batch of rows holds it, a batch with a row an example. */
  private void spread(int from, int to) {
    int[] lengths = new int[to - from];
    int longest = 0;
    for (int at = 0; at < lengths.length; at++) {
      lengths[at] = examples.first(from + at);
      longest = Math.max(longest, lengths[at]);
    }
    int[] rows = fit.rows(lengths, rowLength, new int[0]);
    int count = Arrays.stream(rows).max().orElse(0) + 1;
    if (count > batchRows) {
      for (int at = 0; at < lengths.length; at++) {
        sink.place(from + at, at, 0);
      }
      sink.close(lengths.length, limits.padded(longest), 0);
      return;
    }
    int[] left = new int[count];
    Arrays.fill(left, rowLength);
    for (int at = 0; at < lengths.length; at++) {
      member.add(from + at);
      memberRow.add(room.size() + rows[at]);
      left[rows[at]] -= lengths[at];
    }
    for (int units : left) {
      room.add(units);
    }
    bundleRows.add(count);
  }

  /** The rows of each batch. */
  private List<List<Integer>> batches(int rows) {
    int bundled = bundleRows.size();
    int[] sizes = new int[bundled + rows - room.size()];
    Arrays.fill(sizes, 1);
    System.arraycopy(bundleRows.values(), 0, sizes, 0, bundled);
    int[] firstRow = new int[sizes.length];
    for (int at = 1; at < sizes.length; at++) {
      firstRow[at] = firstRow[at - 1] + sizes[at - 1];
    }
    // Rows that were filled one after the other are alike: a batch takes them in random order.
    Permutation order = new Permutation(sizes.length, examples.id(start));
    int[] shuffled = new int[sizes.length];
    for (int at = 0; at < sizes.length; at++) {
      shuffled[at] = sizes[(int) order.at(at)];
    }
    int[] batch = fit.rows(shuffled, batchRows, new int[0]);
    List<List<Integer>> batches = new ArrayList<>();
    for (int at = 0; at < sizes.length; at++) {
      while (batches.size() <= batch[at]) {
        batches.add(new ArrayList<>());
      }
      int bundle = (int) order.at(at);
      for (int row = 0; row < sizes[bundle]; row++) {
        batches.get(batch[at]).add(firstRow[bundle] + row);
      }
    }
    return batches;
  }

  private void emit(Contents contents, List<List<Integer>> batches) {
    for (List<Integer> batch : batches) {
      int widest = 0;
      for (int row = 0; row < batch.size(); row++) {
        widest = Math.max(widest, contents.place(batch.get(row), row));
      }
      sink.close(batch.size(), limits.padded(widest), 0);
    }
  }

  /** What lies in each row: chains of members and of pieces. */
  private final class Contents {
    private final int[] lengths;
    private final int[] lastPiece;
    private final int[] pieceBefore;
    private final int[] lastMember;
    private final int[] memberBefore;

    Contents(int[] lengths, int[] rows, int count) {
      this.lengths = lengths;
      lastPiece = new int[count];
      lastMember = new int[count];
      Arrays.fill(lastPiece, -1);
      Arrays.fill(lastMember, -1);
      pieceBefore = chain(rows, lastPiece);
      memberBefore = chain(memberRow.values(), lastMember);
    }

    private static int[] chain(int[] rows, int[] last) {
      int[] before = new int[rows.length];
      for (int at = 0; at < rows.length; at++) {
        before[at] = last[rows[at]];
        last[rows[at]] = at;
      }
      return before;
    }

    /** Places all of a row; returns the units that it takes. */
    int place(int row, int as) {
      int offset = 0;
      for (int at = lastMember[row]; at >= 0; at = memberBefore[at]) {
        sink.place(member.at(at), as, offset);
        offset += examples.first(member.at(at));
      }
      for (int at = lastPiece[row]; at >= 0; at = pieceBefore[at]) {
        int end = offset + lengths[at];
        for (int example = pieceStart.at(at); offset < end; example++) {
          sink.place(example, as, offset);
          offset += examples.first(example);
        }
      }
      return offset;
    }
  }

  /** A list of numbers. */
  private static final class Ints {
    private int[] values = new int[16];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int at(int index) {
      return values[index];
    }

    int size() {
      return size;
    }

    int[] values() {
      return Arrays.copyOf(values, size);
    }
  }
}
