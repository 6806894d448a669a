package org.trainyard.pipeline.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows in, out and rejected of one step, counted in committed files.
 *
 * @param in rows of all inputs
 * @param out rows of all tables made
 * @param rejected rows by reason
 */
public record Rows(long in, long out, SortedMap<String, Long> rejected) {

  /** Keeps its own copy of the map. */
  public Rows {
    rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
  }

  /** All rejected rows. */
  public long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The same rows, checked: what goes in comes out or is rejected.
   *
   * @throws IllegalStateException if a stage lost or invented rows
   */
  public Rows addUp(String step) {
    if (in != out + rejectedRows()) {
      throw new IllegalStateException(
          "%s: %d rows in are not %d out + %d rejected: a stage deletes or invents rows"
              .formatted(step, in, out, rejectedRows()));
    }
    return this;
  }
}
