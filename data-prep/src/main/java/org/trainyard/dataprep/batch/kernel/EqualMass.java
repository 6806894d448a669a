package org.trainyard.dataprep.batch.kernel;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Cuts a line of sizes where the running total of units reaches each equal share. */
final class EqualMass {
  private EqualMass() {}

  /**
   * Upper edges, inclusive and ascending, of all parts but the last. A size that alone fills
   * several shares makes one part, so there may be fewer than wanted.
   *
   * @param sizes in any order, shape [s]
   * @param counts examples of that size, shape [s]
   * @param parts wanted, at least 1
   */
  static int[] edges(int[] sizes, long[] counts, int parts) {
    TreeMap<Integer, Long> sorted = new TreeMap<>();
    double total = 0;
    for (int at = 0; at < sizes.length; at++) {
      sorted.merge(sizes[at], counts[at], Long::sum);
      total += sizes[at] * (double) counts[at];
    }
    int[] edges = new int[Math.max(sorted.size() - 1, 0)];
    int made = 0;
    int reached = 0;
    double running = 0;
    Iterator<Map.Entry<Integer, Long>> entries = sorted.entrySet().iterator();
    for (int at = 0; at < edges.length; at++) {
      Map.Entry<Integer, Long> entry = entries.next();
      running += entry.getKey() * (double) entry.getValue();
      int shares = (int) (running * parts / total);
      if (shares > reached) {
        edges[made++] = entry.getKey();
        reached = shares;
      }
    }
    return Arrays.copyOf(edges, made);
  }

  /** The part that a size falls in. */
  static int part(int[] edges, int size) {
    int found = Arrays.binarySearch(edges, size);
    return found >= 0 ? found : -found - 1;
  }
}
