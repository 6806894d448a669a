package org.trainyard.dataprep.batch;

import java.io.Serializable;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.GridBuckets;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Examples alike in two lengths together. */
@Card(
    name = "buckets-2d",
    what =
        "Puts examples together that are alike in two lengths, such as frames in and tokens out.",
    how =
        """
        Bins of equal total first length, each cut into parts of equal total second length. Examples with far \
        more of the second per unit of the first than their bin are rejected as outliers: broken transcripts, \
        mostly. Name both columns in plan-batches: first and second.""",
    avoid = "With one length only, buckets does the same with less.",
    papers =
        "Training and Inference Efficiency of Encoder-Decoder Speech Models (arXiv 2503.05931)")
public final class GridPlanner implements BatchPlannerTechnique<GridPlanner.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(help = "Bins of the first length.", standard = "30", min = 1, max = 10_000) int bins,
      @Setting(
              help = "Parts of each bin by the second length.",
              standard = "5",
              min = 1,
              max = 1000)
          int parts,
      @Setting(
              help =
                  "Standard deviations of second / first above the bin's mean that make an outlier; 0 for none.",
              standard = "4",
              min = 0)
          double outlierDeviations)
      implements Serializable {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public BatchPlanner create(Settings settings) {
    return new Planner(settings);
  }

  private record Planner(Settings settings) implements BatchPlanner {
    @Override
    public Buckets buckets(Sizes sizes, BatchLimits limits) {
      return GridBuckets.ofEqualMass(
          sizes, settings.bins(), settings.parts(), settings.outlierDeviations());
    }
  }
}
