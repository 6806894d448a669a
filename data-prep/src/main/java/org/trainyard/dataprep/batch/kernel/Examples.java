package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/**
 * What a planner knows of the examples that it may put together: columns of numbers, no content.
 * Examples of one group stand side by side. Grown and reused.
 */
public final class Examples {
  private long[] ids = new long[1024];
  private long[] groups = new long[1024];
  private int[] first = new int[1024];
  private int[] second = new int[1024];
  private int size;

  /**
   * Appends an example.
   *
   * @param id its identity
   * @param group examples of one group are never split; the id itself if there are no groups
   * @param first units of its first dimension, at least 1
   * @param second units of its second dimension; 0 if there is none
   */
  public void add(long id, long group, int first, int second) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      groups = Arrays.copyOf(groups, size * 2);
      this.first = Arrays.copyOf(this.first, size * 2);
      this.second = Arrays.copyOf(this.second, size * 2);
    }
    ids[size] = id;
    groups[size] = group;
    this.first[size] = first;
    this.second[size++] = second;
  }

  /** Takes away all but the first few. */
  public void shorten(int size) {
    this.size = size;
  }

  /** Number of examples. */
  public int size() {
    return size;
  }

  /** Identity of an example. */
  public long id(int example) {
    return ids[example];
  }

  /** Group of an example. */
  public long group(int example) {
    return groups[example];
  }

  /** Units of the first dimension. */
  public int first(int example) {
    return first[example];
  }

  /** Units of the second dimension. */
  public int second(int example) {
    return second[example];
  }

  /** One after the last example of the group that starts here. */
  public int groupEnd(int start) {
    int end = start + 1;
    while (end < size && groups[end] == groups[start]) {
      end++;
    }
    return end;
  }
}
