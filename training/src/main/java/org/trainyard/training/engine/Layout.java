package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.List;

/**
 * How a model's parameters lie: slices in order, without gaps.
 *
 * @param slices in order of their offsets
 */
public record Layout(List<Slice> slices) implements Serializable {

  /** Checks that offsets follow one another. */
  public Layout {
    slices = List.copyOf(slices);
    long next = 0;
    for (Slice slice : slices) {
      if (slice.offset() != next) {
        throw new IllegalArgumentException(
            "Slice %s starts at %d, not at %d".formatted(slice.name(), slice.offset(), next));
      }
      next += slice.length();
    }
  }

  /** Number of all parameters. */
  public long length() {
    if (slices.isEmpty()) {
      return 0;
    }
    Slice last = slices.get(slices.size() - 1);
    return last.offset() + last.length();
  }
}
