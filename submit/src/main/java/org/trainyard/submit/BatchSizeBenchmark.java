package org.trainyard.submit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.trainyard.dataprep.batch.kernel.BatchSizeSearch;
import org.trainyard.dataprep.batch.kernel.BatchSizeSearch.Found;
import org.trainyard.dataprep.batch.kernel.BatchSizes;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.dataprep.synthesize.kernel.LogNormalLengths;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.pipeline.batch.MemoryProbe.Shape;
import org.trainyard.pipeline.batch.MemoryProbeTechnique;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.technique.Choice;

/**
 * Finds the rows of eight buckets of lengths for an LSTM language model with 128 MB off the heap,
 * and holds them against the one number of rows that the longest bucket survives. Then looks
 * whether they hold: one replica with all the memory trains on all buckets, and a tenth more rows,
 * and one, are too many for the share of the memory that the search was given.
 */
public final class BatchSizeBenchmark implements Benchmark {
  private static final int EXAMPLES = 200_000;
  private static final int BUCKETS = 8;
  private static final Memory LIMIT = new Memory(128L << 20, 256L << 20);
  private static final double FRACTION = 0.9;
  private static final String MODEL = "{\"lstm-language-model\": {\"width\": 64, \"layers\": 1}}";

  /** The paper's gain in the mean size of a batch. */
  private static final double BAR = 5;

  @Override
  public String name() {
    return "batch-size";
  }

  @Override
  public String summary() {
    return "rows of a batch found for each length, against one size that the longest survives";
  }

  @Override
  public List<Figure> run() {
    Sizes sizes = sizes();
    int[] edges = BatchSizes.edges(sizes, BUCKETS);
    int[] most = IntStream.range(0, edges.length).map(bucket -> EXAMPLES).toArray();
    MemoryProbe probe =
        new Choice<MemoryProbe>(
                MemoryProbeTechnique.class.getName(),
                "training-step",
                "{\"model\": %s}".formatted(MODEL))
            .create();
    MemoryProbe.Data data = MemoryProbe.Data.tokens(256, 0);
    Memory single = LIMIT.times(FRACTION);

    long start = System.nanoTime();
    List<Found> each;
    try (MemoryProbe.Trials trials = probe.open(data, single)) {
      each = new BatchSizeSearch(32, 0.05).search(edges, most, trials);
    }
    List<Found> found;
    boolean holds;
    try (MemoryProbe.Trials trials = probe.open(data, LIMIT)) {
      found = BatchSizeSearch.together(each, trials).orElseThrow();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    try (MemoryProbe.Trials trials = probe.open(data, LIMIT)) {
      holds =
          trials
              .run(found.stream().map(bucket -> shape(bucket, bucket.rows())).toList())
              .isPresent();
    }
    int tight = 0;
    try (MemoryProbe.Trials trials = probe.open(data, single)) {
      for (Found bucket : each) {
        Shape over = shape(bucket, (int) Math.ceil(1.1 * bucket.rows()) + 1);
        tight += trials.run(List.of(over)).isEmpty() ? 1 : 0;
      }
    }
    return figures(sizes, each, found, seconds, holds, tight);
  }

  private static List<Figure> figures(
      Sizes sizes, List<Found> each, List<Found> found, double seconds, boolean holds, int tight) {
    List<Figure> figures = new ArrayList<>();
    int longest = found.get(found.size() - 1).rows();
    int probes = 0;
    for (Found bucket : found) {
      probes += bucket.probes();
      String rows = "rows_of_%d_units".formatted(bucket.units());
      figures.add(Figure.shown(rows, bucket.rows()));
      String megabytes = "off_heap_megabytes_of_%d_units".formatted(bucket.units());
      figures.add(Figure.shown(megabytes, bucket.peak().offHeap() >> 20));
    }
    BatchSizes one = new BatchSizes(new int[] {longestUnits(found)}, new int[] {longest});
    BatchSizes all =
        new BatchSizes(
            found.stream().mapToInt(Found::units).toArray(),
            found.stream().mapToInt(Found::rows).toArray());
    double mean = all.meanRows(sizes.first(), sizes.counts());
    double meanOfOne = one.meanRows(sizes.first(), sizes.counts());
    figures.add(Figure.shown("mean_rows", mean));
    figures.add(Figure.shown("mean_rows_of_one_size", meanOfOne));
    figures.add(
        Figure.shown(
            "rows_left_after_fitting_together", found.get(0).rows() / (double) each.get(0).rows()));
    figures.add(Figure.shown("probes", probes));
    figures.add(Figure.shown("probes_per_bucket", probes / (double) found.size()));
    figures.add(Figure.shown("seconds", seconds));
    figures.add(Figure.atLeast("all_buckets_fit_together", holds ? 1 : 0, 1));
    figures.add(
        Figure.atLeast("share_of_buckets_full_at_a_tenth_more", tight / (double) found.size(), 1));
    figures.add(Figure.atLeast("mean_rows_over_one_size", mean / meanOfOne, BAR));
    return figures;
  }

  private static int longestUnits(List<Found> found) {
    return found.get(found.size() - 1).units();
  }

  private static Shape shape(Found bucket, int rows) {
    return new Shape(rows, bucket.units());
  }

  /** Lengths as in the figures of the guide to batches. */
  private static Sizes sizes() {
    LogNormalLengths lengths = new LogNormalLengths(7, 5.6, 1.1, 8, 8192, 4, 0.3);
    Map<Integer, Long> counts = new TreeMap<>();
    for (int index = 0; index < EXAMPLES; index++) {
      counts.merge(lengths.length(index), 1L, Long::sum);
    }
    int[] first = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
    long[] held = counts.values().stream().mapToLong(Long::longValue).toArray();
    return new Sizes(first, new int[first.length], held, EXAMPLES);
  }
}
