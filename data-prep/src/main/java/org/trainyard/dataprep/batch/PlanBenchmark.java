package org.trainyard.dataprep.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.trainyard.dataprep.batch.kernel.Examples;
import org.trainyard.dataprep.batch.kernel.GreedyFill;
import org.trainyard.dataprep.batch.kernel.NaiveBatches;
import org.trainyard.dataprep.batch.kernel.Plan;
import org.trainyard.dataprep.batch.kernel.ShuffleQuality;
import org.trainyard.pipeline.batch.kernel.EpochOrder;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.pipeline.cli.Benchmark;

/**
 * The planner {@code buckets} on 200,000 long-tailed lengths with a budget of 16,384 padded units:
 * padding and batches beside what is possible, its rate on one core, and how well the order of an
 * epoch is shuffled, against i.i.d. shuffles of the same batches.
 *
 * <p>The lengths are our own draw of clip(lognormal(5.6, 1.1), 8, 8192), not numpy's sequence.
 */
public final class PlanBenchmark implements Benchmark {
  private static final int EXAMPLES = 200_000;
  private static final int MANY = 2_000_000;

  /**
   * Batches over the fewest that could hold the units, at most: 6,480 over 5,993, for the draw of
   * the case by numpy.
   */
  private static final double BATCHES = 6480 / 5993.0;

  /** Batches of 16,384 units of a language model in a block of plan-batches. */
  private static final int BLOCK = 113;

  private static final long SEED = 7;

  /** A normal variable is farther from its mean than this many deviations once in 1,000 draws. */
  private static final double ONE_IN_A_THOUSAND = 3.29;

  private static final int SHUFFLES = 1000;

  /** Batches that keep their place from one epoch to the next, at most; one does on average. */
  private static final int KEPT = 10;

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String summary() {
    return "buckets on 200,000 long-tailed lengths: padding, rate on one core, shuffle quality";
  }

  @Override
  public List<Figure> run() {
    int[] lengths = LocalPlanning.lengths(EXAMPLES);
    BatchPlanner buckets = new LengthBuckets().create(new LengthBuckets.Settings(0));
    LocalPlanning.Result plan = LocalPlanning.plan(lengths, buckets);
    NaiveBatches.Cost naive =
        NaiveBatches.cost(LocalPlanning.sizes(lengths), LocalPlanning.LIMITS, SEED);
    double bound = Math.ceil(plan.real() / (double) LocalPlanning.LIMITS.budget());
    List<Figure> figures =
        new ArrayList<>(
            List.of(
                Figure.shown("naive_padding_percent", 100 * naive.paddingShare()),
                Figure.shown("naive_batches", naive.batches()),
                Figure.shown("information_bound_batches", bound),
                Figure.shown("best_rectangular_batches", rectangular(lengths)),
                Figure.atMost("buckets_padding_percent", 100 * plan.paddingShare(), 2),
                Figure.atMost("buckets_batches", plan.batches(), Math.floor(BATCHES * bound)),
                Figure.atMost("buckets_batches_over_budget", plan.over(), 0)));
    shuffles(plan, figures);
    PlanningRate rate = PlanningRate.of(LocalPlanning.lengths(MANY), buckets);
    figures.add(Figure.atLeast("buckets_examples_per_second", rate.examplesPerSecond(), 1_000_000));
    figures.add(Figure.atMost("buckets_time_for_tenfold_examples", rate.tenfoldTime(), 13));
    return figures;
  }

  /** The fewest rectangular batches: the longest examples first, each batch as full as it gets. */
  private static int rectangular(int[] lengths) {
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    Examples examples = new Examples();
    for (int at = sorted.length - 1; at >= 0; at--) {
      examples.add(at, at, sorted[at], 0);
    }
    Plan plan = new Plan(examples.size());
    GreedyFill.fill(examples, LocalPlanning.LIMITS, plan);
    return plan.checked(LocalPlanning.LIMITS).batches();
  }

  private static void shuffles(LocalPlanning.Result plan, List<Figure> figures) {
    int batches = plan.batches();
    ShuffleQuality.Bounds chance = ShuffleQuality.ofShuffles(plan.bucket(), SHUFFLES, SEED);
    double correlation = ONE_IN_A_THOUSAND / Math.sqrt(batches - 1.0);
    int[] first = epoch(batches, 0);
    int[] second = epoch(batches, 1);
    ShuffleQuality quality = ShuffleQuality.of(first, plan.longest(), plan.bucket());
    figures.add(
        Figure.atMost("epoch_rank_correlation", Math.abs(quality.rankCorrelation()), correlation));
    figures.add(Figure.atMost("epoch_mean_run", quality.meanRun(), chance.meanRun()));
    figures.add(Figure.atMost("epoch_longest_run", quality.longestRun(), chance.longestRun()));
    // A bucket drawn at random for each batch, by its share of all: runs of geometric length.
    double same = ShuffleQuality.chanceOfSame(plan.bucket());
    figures.add(Figure.shown("random_bucket_mean_run", 1 / (1 - same)));
    figures.add(
        Figure.shown(
            "random_bucket_longest_run", Math.log(batches * (1 - same)) / -Math.log(same)));
    figures.add(Figure.shown("30_random_buckets_mean_run", 30 / 29.0));
    int kept = 0;
    for (int at = 0; at < batches; at++) {
      kept += first[at] == second[at] ? 1 : 0;
    }
    figures.add(Figure.atMost("batches_in_place_in_next_epoch", kept, KEPT));
  }

  /** The batches in the order in which a feed of one shard hands them out. */
  private static int[] epoch(int batches, long epoch) {
    Permutation places = new Permutation(batches, SEED);
    int[] at = new int[batches];
    for (int batch = 0; batch < batches; batch++) {
      at[(int) places.at(batch)] = batch;
    }
    int[] blocks = new int[(batches + BLOCK - 1) / BLOCK];
    Arrays.fill(blocks, BLOCK);
    blocks[blocks.length - 1] = batches - (blocks.length - 1) * BLOCK;
    EpochOrder order = EpochOrder.shuffled(blocks, SEED, 0, epoch);
    int[] batch = new int[batches];
    for (int position = 0; position < batches; position++) {
      EpochOrder.Place place = order.at(position);
      batch[position] = at[place.block() * BLOCK + place.row()];
    }
    return batch;
  }
}
