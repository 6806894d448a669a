package org.trainyard.dataprep.batch.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.pipeline.batch.MemoryProbe.Shape;

/**
 * Finds the most rows of each bucket whose step of training fits into memory, by trying. The
 * longest bucket starts at {@code start} rows; rows double until they do not fit (or halve until
 * they do), then the gap between the most that fit and the fewest that do not is bisected until it
 * is 1 row or {@code gap} of the latter. What fits at one length fits at a shorter one, so the next
 * bucket starts at twice the rows of the one before, and never has fewer.
 *
 * <p>A bucket takes at most {@code ⌈log2(m / start)⌉ + ⌈log2(1 / gap)⌉ + 2} trials for m rows, and
 * {@code ⌈log2(g / 2)⌉ + ⌈log2(1 / gap)⌉ + 2} where it holds g times the rows of the bucket before.
 *
 * @param start rows tried first, at least 1
 * @param gap relative gap at which the search ends, 0 to 1
 * @see <a href="https://arxiv.org/abs/2503.05931">Training and Inference Efficiency of
 *     Encoder-Decoder Speech Models, 2025</a>
 */
public record BatchSizeSearch(int start, double gap) {
  /** After so many reductions something else than the size of batches is wrong. */
  private static final int MOST_REDUCTIONS = 40;

  /**
   * What was found for a bucket.
   *
   * @param units largest length of the bucket
   * @param rows most rows that fit; 0 if not even one does
   * @param peak memory that a step of that shape took; none for 0 rows
   * @param probes trials that it took to find out
   */
  public record Found(int units, int rows, Memory peak, int probes) {
    Shape shape() {
      return new Shape(rows, units);
    }
  }

  /**
   * Searches, from the longest bucket down.
   *
   * @param units largest length of each bucket, ascending, shape [b]
   * @param mostRows rows that a batch of the bucket may have at most, all at least 1, shape [b]
   * @return one for each bucket, in the order given
   */
  public List<Found> search(int[] units, int[] mostRows, MemoryProbe.Trials trials) {
    List<Found> found = new ArrayList<>();
    Optional<Found> longer = Optional.empty();
    for (int bucket = units.length - 1; bucket >= 0; bucket--) {
      Found here = bucket(units[bucket], mostRows[bucket], longer, trials);
      found.add(here);
      longer = Optional.of(here);
    }
    Collections.reverse(found);
    return found;
  }

  private Found bucket(int units, int most, Optional<Found> longer, MemoryProbe.Trials trials) {
    int known = longer.map(Found::rows).orElse(0);
    int fits = Math.min(known, most);
    Memory peak = longer.map(Found::peak).orElse(Memory.NONE);
    long fails = Long.MAX_VALUE;
    long next = known == 0 ? start : 2L * known;
    int probes = 0;
    while (fits < most && !closed(fits, fails)) {
      int rows = (int) Math.min(most, next);
      Optional<Memory> taken = trials.run(List.of(new Shape(rows, units)));
      probes++;
      if (taken.isPresent()) {
        fits = rows;
        peak = taken.get();
      } else {
        fails = rows;
      }
      if (fails == Long.MAX_VALUE) {
        next = 2L * fits;
      } else {
        next = fits == 0 ? fails / 2 : (fits + fails) / 2;
      }
    }
    return new Found(units, fits, peak, probes);
  }

  private boolean closed(long fits, long fails) {
    return fails - fits <= 1 || (fits > 0 && (fails - fits) / (double) fails <= gap);
  }

  /**
   * Makes sure that one replica can train on all buckets: it keeps the memory of its largest steps,
   * which need not be those of one bucket. Runs them all, the smaller first, and takes a tenth of
   * the rows from all buckets as long as that does not fit.
   *
   * @param found as {@link #search} found
   * @return the same buckets, with fewer rows if need be; their peaks stay those of single steps;
   *     nothing if no number of rows fits
   */
  public static Optional<List<Found>> together(List<Found> found, MemoryProbe.Trials trials) {
    List<Found> all = found;
    for (int reductions = 0; reductions < MOST_REDUCTIONS; reductions++) {
      List<Shape> shapes =
          all.stream()
              .filter(bucket -> bucket.rows() > 0)
              .map(Found::shape)
              .sorted(Comparator.comparingLong(shape -> (long) shape.rows() * shape.units()))
              .toList();
      if (shapes.isEmpty() || trials.run(shapes).isPresent()) {
        return Optional.of(all);
      }
      all =
          all.stream()
              .map(
                  bucket ->
                      new Found(
                          bucket.units(),
                          Math.min(bucket.rows(), Math.max(1, bucket.rows() * 9 / 10)),
                          bucket.peak(),
                          bucket.probes()))
              .toList();
    }
    return Optional.empty();
  }
}
