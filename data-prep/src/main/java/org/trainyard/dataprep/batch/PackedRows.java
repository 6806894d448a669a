package org.trainyard.dataprep.batch;

import java.io.Serializable;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.BatchSink;
import org.trainyard.dataprep.batch.kernel.BestFit;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.Examples;
import org.trainyard.dataprep.batch.kernel.FirstFit;
import org.trainyard.dataprep.batch.kernel.HistogramFit;
import org.trainyard.dataprep.batch.kernel.PackedFill;
import org.trainyard.dataprep.batch.kernel.RowFit;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** Several examples a row. */
@Card(
    name = "pack",
    what =
        "Puts several examples into one row, one behind the other, so that hardly a unit is"
            + " padding.",
    how =
        """
        The fields segment and position tell the examples of a row apart; recurrent layers start from zero \
        where one begins, so training is the same as with an example a row. Recurrent layers take a row step \
        by step: rows much longer than the longest example make them slow. Large tables are packed by pieces \
        that are drawn by chance (piece-examples); by ranges of length they would pack worse.\
        """,
    avoid =
        "Convolutions and pooling over time would mix the examples of a row: they refuse such"
            + " batches. Use buckets for them, and for two lengths.",
    papers = "Efficient Sequence Packing without Cross-contamination (arXiv 2107.02027)")
public final class PackedRows implements BatchPlannerTechnique<PackedRows.Settings> {

  /** How rows are found. */
  public enum Fit {
    /** The row that it leaves least room in. */
    BEST(new BestFit()),
    /** The first row with room. */
    FIRST(new FirstFit()),
    /** Best fit, over the histogram of lengths. */
    HISTOGRAM(new HistogramFit());

    private final RowFit kernel;

    Fit(RowFit kernel) {
      this.kernel = kernel;
    }
  }

  /** Its settings. */
  public record Settings(
      @Setting(
              help =
                  "How an example, the longest first, finds its row: best, first, or histogram"
                      + " (best, all of one length at once).",
              standard = "best")
          Fit fit,
      @Setting(
              help =
                  "Units of a row, at most the budget; longer examples are over-length. 0: long"
                      + " enough for the longest example, and so that whole rows fill the budget.",
              standard = "0",
              min = 0,
              max = 16_777_216)
          int rowLength)
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
    public boolean packs() {
      return true;
    }

    @Override
    public long longest(BatchLimits limits) {
      return settings.rowLength() == 0
          ? limits.budget()
          : Math.min(limits.budget(), settings.rowLength());
    }

    @Override
    public Buckets buckets(Sizes sizes, BatchLimits limits) {
      return Buckets.single();
    }

    @Override
    public void plan(Examples examples, BatchLimits limits, BatchSink sink) {
      PackedFill.fill(examples, limits, settings.rowLength(), settings.fit().kernel, sink);
    }
  }
}
