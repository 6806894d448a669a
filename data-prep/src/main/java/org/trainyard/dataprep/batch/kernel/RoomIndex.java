package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;

/**
 * Things filed by the room they have left: a stack for each room, and the least room that will do
 * in O(log₆₄ capacity). Takes 4 bytes for each unit of the capacity and each thing.
 */
final class RoomIndex {
  private static final int NONE = -1;

  /** Word {@code i} of level l + 1 has a bit for each word of level l that is not zero. */
  private final long[][] levels;

  private final int[] top;
  private int[] below = new int[64];

  RoomIndex(int capacity) {
    top = new int[capacity + 1];
    Arrays.fill(top, NONE);
    int words = capacity / 64 + 1;
    int depth = 1;
    for (int left = words; left > 1; left = (left + 63) / 64) {
      depth++;
    }
    levels = new long[depth][];
    for (int level = 0; level < depth; level++) {
      levels[level] = new long[words];
      words = (words + 63) / 64;
    }
  }

  /** Files a thing, from 0 on. */
  void push(int thing, int room) {
    if (thing >= below.length) {
      below = Arrays.copyOf(below, Math.max(2 * below.length, thing + 1));
    }
    below[thing] = top[room];
    top[room] = thing;
    int at = room;
    for (long[] words : levels) {
      words[at >> 6] |= 1L << at;
      at >>= 6;
    }
  }

  /** The thing that was filed last under this room. */
  int peek(int room) {
    return top[room];
  }

  /** Takes it out. */
  int pop(int room) {
    int thing = top[room];
    top[room] = below[thing];
    int at = room;
    for (int level = 0; top[room] == NONE && level < levels.length; level++) {
      levels[level][at >> 6] &= ~(1L << at);
      if (levels[level][at >> 6] != 0) {
        break;
      }
      at >>= 6;
    }
    return thing;
  }

  /** The least room of at least {@code wanted} under which anything is filed, or -1. */
  int least(int wanted) {
    int at = wanted;
    for (int level = 0; level < levels.length; level++) {
      long[] words = levels[level];
      if (at >> 6 >= words.length) {
        return NONE;
      }
      long found = words[at >> 6] & (-1L << at);
      if (found != 0) {
        at = (at & ~63) | Long.numberOfTrailingZeros(found);
        for (int down = level - 1; down >= 0; down--) {
          at = at << 6 | Long.numberOfTrailingZeros(levels[down][at]);
        }
        return at;
      }
      at = (at >> 6) + 1;
    }
    return NONE;
  }
}
