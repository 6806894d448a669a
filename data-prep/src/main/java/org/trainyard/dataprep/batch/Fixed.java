package org.trainyard.dataprep.batch;

import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.pipeline.technique.Card;

/** Random order, as many examples a batch as the limits allow. */
@Card(
    name = "fixed",
    what =
        "Puts examples together in random order, up to max-examples a batch: the naive baseline.",
    how = "With max-examples: 0 a batch takes as many as the budget allows.",
    avoid = "The longest of a batch sets its width: where lengths vary, most of it is padding.")
public final class Fixed implements BatchPlannerTechnique<Fixed.Settings> {

  /** It has none. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public BatchPlanner create(Settings settings) {
    return (sizes, limits) -> Buckets.single();
  }
}
