package org.trainyard.pipeline.batch.kernel;

/**
 * Mixes several sequences into one, each spread evenly over the whole: item i of n stands at the
 * share (2i + 1) / 2n, and where two stand at one place the earlier sequence goes first. A seek
 * takes O(sequences²) whatever the position, as does each next item O(sequences). Used by one
 * thread.
 */
public final class EvenMix {
  private final long[] sizes;
  private final long[] taken;

  /**
   * @param sizes items of each sequence, shape [s], each 0 to 2^31 or so
   * @param from items of the mix to pass over, 0 to the sum of the sizes
   */
  public EvenMix(long[] sizes, long from) {
    this.sizes = sizes.clone();
    this.taken = new long[sizes.length];
    long all = 0;
    for (long size : sizes) {
      all += size;
    }
    if (from < 0 || from > all) {
      throw new IndexOutOfBoundsException("item %d of %d".formatted(from, all));
    }
    // Of each sequence its share of `from` has gone by, give or take as many as there are
    // sequences.
    long passed = 0;
    for (int at = 0; at < sizes.length && from > 0; at++) {
      double share = (double) from / all * sizes[at];
      taken[at] = Math.max(0, (long) Math.floor(share) - sizes.length - 1);
      passed += taken[at];
    }
    while (passed < from) {
      next();
      passed++;
    }
  }

  /** Items of a sequence that have been handed out. */
  public long taken(int sequence) {
    return taken[sequence];
  }

  /**
   * Which sequence the next item is of.
   *
   * @throws IndexOutOfBoundsException if there is none left
   */
  public int next() {
    int first = -1;
    for (int at = 0; at < sizes.length; at++) {
      if (taken[at] < sizes[at] && (first < 0 || before(at, first))) {
        first = at;
      }
    }
    if (first < 0) {
      throw new IndexOutOfBoundsException("all sequences are at their end");
    }
    taken[first]++;
    return first;
  }

  private boolean before(int one, int other) {
    return Math.multiplyExact(2 * taken[one] + 1, sizes[other])
        < Math.multiplyExact(2 * taken[other] + 1, sizes[one]);
  }
}
