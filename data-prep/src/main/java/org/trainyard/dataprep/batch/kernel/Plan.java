package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/** The batches that a planner made of some examples: for each example its batch, row and offset. */
public final class Plan implements BatchSink {
  private final int[] batch;
  private final int[] row;
  private final int[] offset;
  private int[] rows = new int[64];
  private int[] first = new int[64];
  private int[] second = new int[64];
  private int batches;
  private int placed;

  /** An empty plan for so many examples. */
  public Plan(int examples) {
    batch = new int[examples];
    row = new int[examples];
    offset = new int[examples];
    Arrays.fill(batch, -1);
  }

  @Override
  public void place(int example, int row, int offset) {
    if (batch[example] >= 0) {
      throw new IllegalStateException("Example %d is planned twice".formatted(example));
    }
    batch[example] = batches;
    this.row[example] = row;
    this.offset[example] = offset;
    placed++;
  }

  @Override
  public void close(int rows, int first, int second) {
    if (batches == this.rows.length) {
      this.rows = Arrays.copyOf(this.rows, batches * 2);
      this.first = Arrays.copyOf(this.first, batches * 2);
      this.second = Arrays.copyOf(this.second, batches * 2);
    }
    this.rows[batches] = rows;
    this.first[batches] = first;
    this.second[batches++] = second;
  }

  /**
   * The same plan, checked: every example is in a batch, and no batch breaks a limit.
   *
   * @throws IllegalStateException if the planner broke its promise
   */
  public Plan checked(BatchLimits limits) {
    if (placed != batch.length) {
      throw new IllegalStateException(
          "%d of %d examples were planned".formatted(placed, batch.length));
    }
    for (int at = 0; at < batches; at++) {
      if (!limits.allow(rows[at], first[at], second[at])) {
        throw new IllegalStateException(
            "A batch of %d × (%d + %d) units breaks %s"
                .formatted(rows[at], first[at], second[at], limits));
      }
    }
    return this;
  }

  /** Number of batches. */
  public int batches() {
    return batches;
  }

  /** Batch of an example. */
  public int batch(int example) {
    return batch[example];
  }

  /** Row of an example in its batch. */
  public int row(int example) {
    return row[example];
  }

  /** Where in its row an example begins. */
  public int offset(int example) {
    return offset[example];
  }

  /** Rows of a batch. */
  public int rows(int batch) {
    return rows[batch];
  }

  /** Padded units of the first dimension of a batch. */
  public int first(int batch) {
    return first[batch];
  }

  /** Padded units of the second dimension of a batch. */
  public int second(int batch) {
    return second[batch];
  }

  /** Padded units of all batches. */
  public long paddedUnits() {
    long units = 0;
    for (int at = 0; at < batches; at++) {
      units += rows[at] * ((long) first[at] + second[at]);
    }
    return units;
  }
}
