package org.trainyard.dataprep.batch;

import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.LineBuckets;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Examples of like length together. */
@Card(
    name = "buckets",
    what = "Puts examples of like length together, in random order within each bucket of lengths.",
    how =
        """
        Buckets hold equal numbers of units, so each gives about as many batches. More buckets, less \
        padding, but more batches that are not full: by itself (count: 0) it takes the square root of five \
        times the number of full batches, where the two losses are about equal for long-tailed lengths.""",
    avoid = "Where all examples have one length there is nothing to gain.",
    papers =
        "Training and Inference Efficiency of Encoder-Decoder Speech Models (arXiv 2503.05931)")
public final class LengthBuckets implements BatchPlannerTechnique<LengthBuckets.Settings> {
  /** Share of padding × buckets, for long-tailed lengths, times two: see the card. */
  private static final double BUCKETS_PER_BATCH = 5;

  /** More buckets than this cost more in bookkeeping than they save. */
  private static final int MOST_BUCKETS = 1000;

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Number of buckets; 0 for as many as suit the number of batches.",
              standard = "0",
              min = 0,
              max = 100_000)
          int count) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public BatchPlanner create(Settings settings) {
    return new Planner(settings.count());
  }

  private record Planner(int count) implements BatchPlanner {
    @Override
    public Buckets buckets(Sizes sizes, BatchLimits limits) {
      return LineBuckets.ofEqualMass(sizes, count > 0 ? count : suitable(sizes, limits));
    }

    private static int suitable(Sizes sizes, BatchLimits limits) {
      double batches = sizes.units() / limits.budget();
      return (int) Math.max(1, Math.min(MOST_BUCKETS, Math.sqrt(BUCKETS_PER_BATCH * batches)));
    }
  }
}
