package org.trainyard.dataprep.batch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.BatchSizes;
import org.trainyard.dataprep.batch.kernel.Examples;
import org.trainyard.dataprep.batch.kernel.Plan;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.stage.Rejects;

/**
 * Plans the slots of one partition, one after the other. Holds the numbers of one slot; rejected
 * examples pass through, and a group that no batch can hold is rejected as soon as that shows.
 */
final class Planning implements Iterator<Row> {
  static final String SLOT = "slot";
  static final String ORDER = "order_hash";
  static final String BATCH_OF_SLOT = "batch_of_slot";
  static final String ROW = "row";
  static final String OFFSET = "offset";
  static final String ROWS = "rows";
  static final String PADDED_FIRST = "padded_first";
  static final String PADDED_SECOND = "padded_second";

  private static final String GROUP_OVER_BUDGET = "group-over-budget";

  /** Columns that come in, in this order. */
  static final String[] READS = {
    SLOT,
    TokenTable.EXAMPLE_ID,
    TokenTable.GROUP_ID,
    Described.FIRST,
    Described.SECOND,
    TokenTable.BYTES,
    Described.OVER,
    Rejects.REASON,
    Rejects.DETAIL,
    Described.SOURCE,
    Described.START
  };

  /** Columns that go out: one row for each example. */
  static final StructType SCHEMA =
      new StructType()
          .add(SLOT, DataTypes.LongType)
          .add(BATCH_OF_SLOT, DataTypes.IntegerType)
          .add(ROW, DataTypes.IntegerType)
          .add(OFFSET, DataTypes.IntegerType)
          .add(ROWS, DataTypes.IntegerType)
          .add(PADDED_FIRST, DataTypes.IntegerType)
          .add(PADDED_SECOND, DataTypes.IntegerType)
          .add(TokenTable.EXAMPLE_ID, DataTypes.LongType)
          .add(TokenTable.GROUP_ID, DataTypes.LongType)
          .add(Described.FIRST, DataTypes.IntegerType)
          .add(Described.SECOND, DataTypes.IntegerType)
          .add(TokenTable.BYTES, DataTypes.IntegerType)
          .add(Described.OVER, DataTypes.BooleanType)
          .add(Rejects.REASON, DataTypes.StringType)
          .add(Rejects.DETAIL, DataTypes.StringType)
          .add(Described.SOURCE, DataTypes.LongType)
          .add(Described.START, DataTypes.IntegerType);

  private final Iterator<Row> rows;
  private final BatchPlanner planner;
  private final BatchLimits limits;
  private final BatchSizes rowLimits;

  /** The examples of the slot at hand, with what planners need not know of them. */
  private final Examples examples = new Examples();

  private int[] bytes = new int[1024];
  private boolean[] over = new boolean[1024];
  private long[] source = new long[1024];
  private int[] start = new int[1024];
  private long slot = Slots.NONE;

  /** The last group of them. */
  private int groupStart;

  private int groupFirst;
  private int groupSecond;
  private long group;
  private boolean grouping;
  private boolean groupRefused;

  /** What was found and not yet handed out. */
  private final Queue<Row> refused = new ArrayDeque<>();

  private Plan plan = new Plan(0);
  private int told;
  private int planned;
  private Optional<Row> pending = Optional.empty();
  private Optional<Row> found = Optional.empty();

  /**
   * @param rows with the columns {@link #READS}, slots side by side and in each slot groups side by
   *     side
   */
  Planning(Iterator<Row> rows, BatchPlanner planner, BatchLimits limits, BatchSizes rowLimits) {
    this.rows = rows;
    this.planner = planner;
    this.limits = limits;
    this.rowLimits = rowLimits;
  }

  /** The limits of the slot at hand. */
  private BatchLimits limitsHere() {
    return rowLimits.limits(limits, slot >> 32);
  }

  @Override
  public boolean hasNext() {
    if (found.isEmpty()) {
      found = advance();
    }
    return found.isPresent();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = found.orElseThrow();
    found = Optional.empty();
    return row;
  }

  private Optional<Row> advance() {
    while (true) {
      if (told < planned) {
        return Optional.of(placed(told++));
      }
      if (planned > 0) {
        planned = 0;
        examples.shorten(0);
      }
      if (!refused.isEmpty()) {
        return Optional.of(refused.remove());
      }
      if (pending.isEmpty() && rows.hasNext()) {
        pending = Optional.of(rows.next());
      }
      if (pending.isEmpty() && examples.size() == 0) {
        return Optional.empty();
      }
      if (pending.isEmpty() || (examples.size() > 0 && pending.get().getLong(0) != slot)) {
        planSlot();
      } else {
        take(pending.get());
        pending = Optional.empty();
      }
    }
  }

  private void planSlot() {
    plan = new Plan(examples.size());
    planner.plan(examples, limitsHere(), plan);
    plan.checked(limitsHere());
    refuseLongRows();
    told = 0;
    planned = examples.size();
    grouping = false;
  }

  /** A row longer than its bucket takes more memory than was tried: planners that join examples. */
  private void refuseLongRows() {
    int longest = rowLimits.longest(slot >> 32);
    for (int batch = 0; batch < plan.batches(); batch++) {
      if (plan.first(batch) > longest) {
        throw new ConfigException(
            "planner",
            "makes rows of %d units where the input sizes allows %d; take buckets, or leave sizes out"
                .formatted(plan.first(batch), longest));
      }
    }
  }

  private void take(Row row) {
    if (!row.isNullAt(7)) {
      refused.add(refused(row, row.getString(7), row.getString(8)));
      return;
    }
    slot = row.getLong(0);
    if (!grouping || group != row.getLong(2)) {
      grouping = true;
      group = row.getLong(2);
      groupStart = examples.size();
      groupFirst = 0;
      groupSecond = 0;
      groupRefused = false;
    }
    if (groupRefused) {
      refused.add(refused(row, GROUP_OVER_BUDGET, groupDetail()));
      return;
    }
    int at = examples.size();
    if (at == bytes.length) {
      bytes = Arrays.copyOf(bytes, at * 2);
      over = Arrays.copyOf(over, at * 2);
      source = Arrays.copyOf(source, at * 2);
      start = Arrays.copyOf(start, at * 2);
    }
    examples.add(row.getLong(1), group, row.getInt(3), row.getInt(4));
    bytes[at] = row.getInt(5);
    over[at] = row.getBoolean(6);
    source[at] = row.getLong(9);
    start[at] = row.getInt(10);
    groupFirst = Math.max(groupFirst, row.getInt(3));
    groupSecond = Math.max(groupSecond, row.getInt(4));
    if (!limitsHere().allow(examples.size() - groupStart, groupFirst, groupSecond)) {
      refuseGroup();
    }
  }

  private void refuseGroup() {
    for (int at = groupStart; at < examples.size(); at++) {
      refused.add(row(at, -1, GROUP_OVER_BUDGET, groupDetail()));
    }
    examples.shorten(groupStart);
    groupRefused = true;
  }

  private String groupDetail() {
    return "group %d is larger than a batch of %s".formatted(group, limitsHere());
  }

  private Row placed(int at) {
    return row(at, plan.batch(at), null, null);
  }

  private Row row(int at, int batch, String reason, String detail) {
    boolean placed = batch >= 0;
    return RowFactory.create(
        slot,
        batch,
        placed ? plan.row(at) : 0,
        placed ? plan.offset(at) : 0,
        placed ? plan.rows(batch) : 0,
        placed ? plan.first(batch) : 0,
        placed ? plan.second(batch) : 0,
        examples.id(at),
        examples.group(at),
        examples.first(at),
        examples.second(at),
        bytes[at],
        over[at],
        reason,
        detail,
        source[at],
        start[at]);
  }

  private static Row refused(Row row, String reason, String detail) {
    return RowFactory.create(
        row.getLong(0),
        -1,
        0,
        0,
        0,
        0,
        0,
        row.getLong(1),
        row.getLong(2),
        row.getInt(3),
        row.getInt(4),
        row.getInt(5),
        row.getBoolean(6),
        reason,
        detail,
        row.getLong(9),
        row.getInt(10));
  }
}
