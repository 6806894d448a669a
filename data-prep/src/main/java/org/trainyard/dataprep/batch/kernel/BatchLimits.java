package org.trainyard.dataprep.batch.kernel;

import java.io.Serializable;

/**
 * What no batch may exceed.
 *
 * @param budget padded units of a batch at most: rows × (longest first + longest second dimension)
 * @param maxExamples rows of a batch at most; 0 for no limit
 * @param multiple lengths are padded to a multiple of this, at least 1
 */
public record BatchLimits(long budget, int maxExamples, int multiple) implements Serializable {

  /** The same, with no more than so many rows; 0 for no further limit. */
  public BatchLimits atMost(int rows) {
    boolean tighter = rows > 0 && (maxExamples == 0 || rows < maxExamples);
    return tighter ? new BatchLimits(budget, rows, multiple) : this;
  }

  /** The same, with no more than so many padded units. */
  public BatchLimits atMostUnits(long units) {
    return new BatchLimits(Math.min(budget, units), maxExamples, multiple);
  }

  /** Units that a dimension is padded to; 0 stays 0. */
  public int padded(int units) {
    return Math.toIntExact((units + multiple - 1L) / multiple * multiple);
  }

  /** The most units up to these that need no padding. */
  public int floor(long units) {
    return Math.toIntExact(Math.min(units, Integer.MAX_VALUE) / multiple * multiple);
  }

  /** Rows of this length that a batch holds at most. */
  public int rows(int length) {
    long fitting = Math.min(budget / length, Integer.MAX_VALUE);
    return (int) (maxExamples == 0 ? fitting : Math.min(fitting, maxExamples));
  }

  /** Padded units of a batch. */
  public long units(int rows, int first, int second) {
    return rows * ((long) padded(first) + padded(second));
  }

  /** Whether a batch of this shape may be. */
  public boolean allow(int rows, int first, int second) {
    return units(rows, first, second) <= budget && (maxExamples == 0 || rows <= maxExamples);
  }
}
