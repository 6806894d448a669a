package org.trainyard.dataprep.batch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.record.DataException;

/**
 * Makes batches of examples that come sorted by batch, row and offset; one batch is held at a time.
 */
final class Assembly implements Iterator<Row> {
  /** How much an example counts. */
  static final String WEIGHT = "example_weight";

  private final Iterator<Row> rows;
  private final BatchKind kind;
  private final TokenTable.Facts facts;
  private final boolean packed;
  private final String weight;
  private Optional<Row> pending = Optional.empty();

  /**
   * @param packed whether a row may hold several examples
   * @param weight column of the token table that {@link #WEIGHT} was; empty if all count alike
   */
  Assembly(
      Iterator<Row> rows, BatchKind kind, TokenTable.Facts facts, boolean packed, String weight) {
    this.rows = rows;
    this.kind = kind;
    this.facts = facts;
    this.packed = packed;
    this.weight = weight;
  }

  @Override
  public boolean hasNext() {
    return pending.isPresent() || rows.hasNext();
  }

  @Override
  public Row next() {
    Row head = pending.isPresent() ? pending.get() : rows.next();
    List<Row> members = new ArrayList<>(List.of(head));
    pending = Optional.empty();
    while (pending.isEmpty() && rows.hasNext()) {
      Row row = rows.next();
      if (number(row) == number(head)) {
        members.add(row);
      } else {
        pending = Optional.of(row);
      }
    }
    return batch(head, members);
  }

  private static long number(Row row) {
    return row.getAs(BatchTable.BATCH);
  }

  private Row batch(Row head, List<Row> members) {
    int size = members.size();
    long[] ids = new long[size];
    long[] groups = new long[size];
    float[] weights = new float[size];
    long real = 0;
    long bytes = 0;
    List<BatchKind.Placed> placed = new ArrayList<>(size);
    for (int at = 0; at < size; at++) {
      Row row = members.get(at);
      ids[at] = row.getAs(TokenTable.EXAMPLE_ID);
      groups[at] = row.getAs(TokenTable.GROUP_ID);
      weights[at] = weight(row, ids[at]);
      int first = row.getAs(Described.FIRST);
      int second = row.getAs(Described.SECOND);
      int own = row.getAs(TokenTable.BYTES);
      real += (long) first + second;
      bytes += own;
      placed.add(
          new BatchKind.Placed(
              row,
              row.getAs(Planning.ROW),
              row.getAs(Planning.OFFSET),
              row.getAs(Described.START),
              first,
              own));
      refuseTwice(placed, ids);
      if (facts.vocabulary() > 0) {
        refuseUnknown(row, ids[at]);
      }
    }
    BatchKind.Frame frame =
        new BatchKind.Frame(
            head.getAs(Planning.ROWS),
            packed,
            head.getAs(Planning.PADDED_FIRST),
            head.getAs(Planning.PADDED_SECOND),
            facts.begin(),
            facts.pad());
    return BatchTable.row(
        new BatchTable.Place(
            head.getAs(BatchTable.SHARD),
            head.getAs(BatchTable.BLOCK),
            head.getAs(BatchTable.POSITION),
            number(head)),
        new BatchTable.Size(real, frame.rows() * ((long) frame.first() + frame.second()), bytes),
        new Batch(ids, groups, weights, kind.tensors(frame, placed)));
  }

  private float weight(Row row, long id) {
    if (weight.isEmpty()) {
      return 1;
    }
    int column = row.fieldIndex(WEIGHT);
    if (row.isNullAt(column)
        || !(row.getFloat(column) >= 0 && Float.isFinite(row.getFloat(column)))) {
      throw new DataException(
          "column '%s' of the example with example_id %d is %s. Give it a number of at least 0, or leave the example out."
              .formatted(weight, id, row.get(column)));
    }
    return row.getFloat(column);
  }

  /** A token that is no id of the vocabulary would be looked up outside the model's tables. */
  private void refuseUnknown(Row row, long id) {
    for (int token : row.<Integer>getList(row.fieldIndex(TokenTable.TOKENS))) {
      if (token < 0 || token >= facts.vocabulary()) {
        throw new DataException(
            "the example with example_id %d has the token %d, but the token table says that its vocabulary is 0 to %d. Encode it anew."
                .formatted(id, token, facts.vocabulary() - 1));
      }
    }
  }

  /** Two examples of one identity meet in each other's places. */
  private static void refuseTwice(List<BatchKind.Placed> placed, long[] ids) {
    int last = placed.size() - 1;
    if (last > 0
        && placed.get(last).row() == placed.get(last - 1).row()
        && placed.get(last).offset() == placed.get(last - 1).offset()) {
      throw new DataException(
          "the token table has two examples with example_id %d: two documents have one id. Give them different ids, or deduplicate by id."
              .formatted(ids[last]));
    }
  }
}
